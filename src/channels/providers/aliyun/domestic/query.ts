import * as z from 'zod'
import type { Delivery } from '../../../../domain/send.ts'
import { sendError } from '../../../../domain/send-error.ts'
import type { Platform } from '../../../../platform/platform.ts'
import type { QueryResult, SentReference } from '../../../provider.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../../vendor-call.ts'
import { errorOf } from '../answers.ts'
import { callAliyun } from '../call.ts'
import type { AccountSettings } from '../settings.ts'
import { domesticNumber } from './number.ts'

/** The vendor counts its days in China. */
const CHINA_OFFSET_MS = 8 * 3_600_000
/** More than anybody may get in a day. */
const PAGE_SIZE = '50'

const STATUS = { 1: 'queued', 2: 'undelivered', 3: 'delivered' } as const

const detailsSchema = z.object({
  Code: z.literal('OK'),
  SmsSendDetailDTOs: z.object({
    SmsSendDetailDTO: z.array(
      z.object({
        OutId: z.string().optional(),
        SendStatus: z.union([z.literal(1), z.literal(2), z.literal(3)]),
        ErrCode: z.string().optional(),
      }),
    ),
  }),
})

type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs' | 'randomBytes'>
  readonly settings: AccountSettings
}

/** Looks our reference up among the number's messages of that day. */
export async function queryDomestic(
  caller: Caller,
  { id, to, providerMessageId, sentAtMs }: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const chinaDay = new Date(sentAtMs + CHINA_OFFSET_MS).toISOString().slice(0, 10)
  const parameters = {
    BizId: providerMessageId,
    CurrentPage: '1',
    PageSize: PAGE_SIZE,
    PhoneNumber: domesticNumber(to),
    SendDate: chinaDay.replaceAll('-', ''),
  }
  const details = { action: 'QuerySendDetails', version: '2017-05-25', parameters }
  const answer = await callAliyun(caller, details, deadlineMs)
  if (answer.kind !== 'answered') return { kind: 'unclear', error: answer.error }
  const parsed = detailsSchema.safeParse(answer.json)
  if (!parsed.success) return { kind: 'unclear', error: refusalOf(answer) }
  const found = parsed.data.SmsSendDetailDTOs.SmsSendDetailDTO.find(({ OutId }) => OutId === id)
  if (found === undefined) return { kind: 'absent' }
  const status = STATUS[found.SendStatus]
  const delivery: Delivery = {
    providerMessageId,
    reference: id,
    status,
    error: errorOf(status, found.ErrCode, undefined),
    segments: undefined,
    cost: undefined,
  }
  return { kind: 'found', delivery }
}

function refusalOf(answer: VendorAnswer) {
  const parsed = z.object({ Code: z.string(), Message: z.string() }).safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer).error
  return sendError('unknown', parsed.data.Code, parsed.data.Message)
}
