import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { costOf, messageIdField } from '../../receipt-request.ts'
import { formText } from '../../signing.ts'
import { isOk, msisdnOf, outcomeOfStatus } from '../../vendor-call.ts'
import { type Caller, callAccount, callApplication } from './call.ts'
import { textDelivery } from './sms/deliveries.ts'
import { callDelivery, callSchema } from './voice/deliveries.ts'
import { callRefusal } from './voice/send.ts'

/** Around the instant of the send: the vendor's clock may be a little off, and a request may take as long as its timeout. */
const BEFORE_MS = 5_000
const AFTER_MS = 35_000
const CALLS_MAX = 100
const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const reportSchema = z.object({
  records: z.array(
    z.object({
      message_id: messageIdField,
      client_ref: z.string().nullish(),
      status: z.string(),
      error_code: z.union([z.string(), z.int().transform(String)]).nullish(),
      total_price: z.unknown().optional(),
      currency: z.unknown().optional(),
    }),
  ),
  _links: z.object({ next: z.unknown().optional() }).optional().catch(undefined),
})
const callsSchema = z.object({
  _embedded: z.object({
    calls: z.array(
      callSchema.extend({ to: z.object({ number: z.string() }).optional().catch(undefined) }),
    ),
  }),
})

type Asking = { readonly caller: Caller; readonly sent: SentReference; readonly deadlineMs: number }

/** A text by our reference or the vendor's id; a call by the vendor's id, or by its number and time. */
export function queryVonage(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const asking = { caller, sent, deadlineMs }
  if (sent.channel !== 'voice') return queryText(asking)
  const { providerMessageId: callId } = sent
  return callId === undefined ? queryCalls(asking) : queryCall(asking, callId)
}

const ABSENT: QueryResult = { kind: 'absent' }

/** Reports find by id or by time. They are paid for, so only where they are switched on. */
async function queryText({ caller, sent, deadlineMs }: Asking): Promise<QueryResult> {
  const { sms, api_key, api_endpoint } = caller.settings
  if (sms?.reports !== true) return unclear(sendError('unknown', 'no_reports'))
  const { id, providerMessageId } = sent
  const where = providerMessageId === undefined ? timesAround(sent) : { id: providerMessageId }
  const asked = { account_id: api_key, product: 'SMS', direction: 'outbound', ...where }
  const url = `${api_endpoint}/v2/reports/records?${formText(asked)}`
  const answer = await callAccount(caller, { url }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const report = isOk(answer) ? reportSchema.safeParse(answer.json).data : undefined
  if (report === undefined) return unclear(outcomeOfStatus(answer).error)
  const found = report.records.find(
    ({ client_ref, message_id }) => client_ref === id || message_id === providerMessageId,
  )
  if (found === undefined) {
    return report._links?.next === undefined
      ? ABSENT
      : unclear(sendError('unknown', 'too_many_found'))
  }
  const delivery = textDelivery({
    providerMessageId: found.message_id,
    reference: id,
    status: found.status,
    errorCode: found.error_code ?? undefined,
    cost: costOf(found.total_price, found.currency),
  })
  return delivery === undefined
    ? unclear(sendError('unknown', found.status))
    : { kind: 'found', delivery }
}

async function queryCall(
  { caller, sent, deadlineMs }: Asking,
  callId: string,
): Promise<QueryResult> {
  if (!CALL_ID.test(callId)) return ABSENT
  const { api_endpoint } = caller.settings
  const url = `${api_endpoint}/v1/calls/${callId}`
  const answer = await callApplication(caller, { url }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (answer.status === 404) return ABSENT
  const call = isOk(answer) ? callSchema.safeParse(answer.json).data : undefined
  return call === undefined ? unclear(callRefusal(answer).error) : foundIn(call, { caller, sent })
}

/** Calls carry nothing of ours, so it is the only one to that number at that time. */
async function queryCalls({ caller, sent, deadlineMs }: Asking): Promise<QueryResult> {
  const asked = { ...timesAround(sent), page_size: String(CALLS_MAX) }
  const url = `${caller.settings.api_endpoint}/v1/calls?${formText(asked)}`
  const answer = await callApplication(caller, { url }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const page = isOk(answer) ? callsSchema.safeParse(answer.json).data?._embedded.calls : undefined
  if (page === undefined) return unclear(callRefusal(answer).error)
  const mine = page.filter(({ to }) => to?.number === msisdnOf(sent.to))
  const [only] = mine
  if (mine.length > 1) return unclear(sendError('unknown', 'several_found'))
  if (only !== undefined) return foundIn(only, { caller, sent })
  return page.length < CALLS_MAX ? ABSENT : unclear(sendError('unknown', 'too_many_found'))
}

function foundIn(
  call: z.infer<typeof callSchema>,
  { caller, sent }: Pick<Asking, 'caller' | 'sent'>,
): QueryResult {
  const { currency } = caller.settings
  const delivery = callDelivery(call, { reference: sent.id, currency })
  return delivery === undefined
    ? unclear(sendError('unknown', call.status))
    : { kind: 'found', delivery }
}

const timesAround = ({ sentAtMs }: SentReference) => ({
  date_start: new Date(sentAtMs - BEFORE_MS).toISOString(),
  date_end: new Date(sentAtMs + AFTER_MS).toISOString(),
})

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
