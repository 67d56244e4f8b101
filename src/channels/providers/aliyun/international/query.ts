import * as z from 'zod'
import { sendError } from '../../../../domain/send-error.ts'
import type { Platform } from '../../../../platform/platform.ts'
import type { QueryResult, SentReference } from '../../../provider.ts'
import { outcomeOfStatus } from '../../../vendor-call.ts'
import { errorOf } from '../answers.ts'
import { callAliyun } from '../call.ts'
import type { AccountSettings } from '../settings.ts'

const STATUS = { '1': 'delivered', '2': 'undelivered', '3': 'sent' } as const

const messageSchema = z.object({
  ResponseCode: z.literal('OK'),
  Status: z.union([z.literal('1'), z.literal('2'), z.literal('3')]),
  ErrorCode: z.string().optional(),
  ErrorDescription: z.string().optional(),
})

type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs' | 'randomBytes'>
  readonly settings: AccountSettings
}

/** The vendor finds a message by its own id only. */
export async function queryInternational(
  caller: Caller,
  { id, providerMessageId }: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  if (providerMessageId === undefined) {
    return { kind: 'unclear', error: sendError('unknown', 'no_message_id') }
  }
  const parameters = { MessageId: providerMessageId }
  const query = { action: 'QueryMessage', version: '2018-05-01', parameters }
  const answer = await callAliyun(caller, query, deadlineMs)
  if (answer.kind !== 'answered') return { kind: 'unclear', error: answer.error }
  const parsed = messageSchema.safeParse(answer.json)
  if (!parsed.success) return { kind: 'unclear', error: outcomeOfStatus(answer).error }
  const status = STATUS[parsed.data.Status]
  const error = errorOf(status, parsed.data.ErrorCode, parsed.data.ErrorDescription)
  const told = { segments: undefined, cost: undefined }
  return { kind: 'found', delivery: { providerMessageId, reference: id, status, error, ...told } }
}
