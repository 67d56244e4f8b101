import * as z from 'zod'
import { sendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { outcomeOfStatus } from '../../vendor-call.ts'
import { errorIn } from './answers.ts'
import { type Caller, callTencent } from './call.ts'
import { toStatus } from './receipts.ts'

const LIMIT = 100
const MINUTE_SECONDS = 60

const reportsSchema = z.object({
  Response: z.object({
    PullSmsSendStatusSet: z.array(
      z.object({
        SerialNo: z.string().optional(),
        SessionContext: z.string().optional(),
        ReportStatus: z.enum(['SUCCESS', 'FAIL']),
        Description: z.string().optional(),
      }),
    ),
  }),
})

/**
 * Looks the message up among the reports of its number. The vendor lists only what a carrier has reported on, so a message that
 * is not there may have been sent all the same: it is never said to be absent.
 */
export async function queryTencent(
  caller: Caller,
  { id, to, providerMessageId, sentAtMs }: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const parameters = {
    BeginTime: Math.floor(sentAtMs / 1000) - MINUTE_SECONDS,
    Offset: 0,
    Limit: LIMIT,
    PhoneNumber: to,
    SmsSdkAppId: caller.settings.sdk_app_id,
  }
  const action = { action: 'PullSmsSendStatusByPhoneNumber', parameters }
  const answer = await callTencent(caller, action, deadlineMs)
  if (answer.kind !== 'answered') return { kind: 'unclear', error: answer.error }
  const parsed = reportsSchema.safeParse(answer.json)
  if (!parsed.success) {
    return { kind: 'unclear', error: (errorIn(answer) ?? outcomeOfStatus(answer)).error }
  }
  const found = parsed.data.Response.PullSmsSendStatusSet.find(
    ({ SerialNo, SessionContext }) =>
      SessionContext === id || (SerialNo !== undefined && SerialNo === providerMessageId),
  )
  if (found === undefined) return { kind: 'unclear', error: sendError('unknown', 'not_reported') }
  const { SerialNo = providerMessageId, ReportStatus, Description } = found
  const told = toStatus(ReportStatus, undefined, Description)
  const known = { providerMessageId: SerialNo, reference: id, segments: undefined, cost: undefined }
  return { kind: 'found', delivery: { ...known, ...told } }
}
