import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { costOf, segmentsIn } from '../../receipt-request.ts'
import { isOk } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callTwilio } from './call.ts'
import { deliveryOf } from './deliveries.ts'

/** Around the instant of the send: the vendor's clock may be a little off, and a request may take as long as its timeout. */
const BEFORE_MS = 5_000
const AFTER_MS = 35_000
const PAGE_SIZE = 50
const SID = /^(SM|MM|CA)[0-9a-f]{32}$/

const recordSchema = z.object({
  sid: z.string().regex(SID),
  status: z.string(),
  /** RFC 2822. */
  date_created: z.string().nullable(),
  error_code: z.int().nullish(),
  num_segments: z.unknown().optional(),
  price: z.unknown().optional(),
  price_unit: z.unknown().optional(),
})
type TwilioRecord = z.infer<typeof recordSchema>

const pageSchema = z.union([
  z.object({ messages: z.array(recordSchema) }).transform(({ messages }) => messages),
  z.object({ calls: z.array(recordSchema) }).transform(({ calls }) => calls),
])

/**
 * The vendor gives our reference back nowhere, so a send whose answer was lost is found by its number and time: the only message
 * or call to it around that instant.
 */
export async function queryTwilio(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const { providerMessageId: sid } = sent
  const asking = { caller, sent, deadlineMs }
  if (sid === undefined) return queryByTime(asking)
  return SID.test(sid) ? queryBySid(asking, sid) : { kind: 'absent' }
}

type Asking = { readonly caller: Caller; readonly sent: SentReference; readonly deadlineMs: number }

const collectionOf = ({ channel }: SentReference) => (channel === 'voice' ? 'Calls' : 'Messages')

async function queryBySid({ caller, sent, deadlineMs }: Asking, sid: string): Promise<QueryResult> {
  const resource = `${collectionOf(sent)}/${sid}.json`
  const answer = await callTwilio(caller, { method: 'GET', resource }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (answer.status === 404) return { kind: 'absent' }
  const record = isOk(answer) ? recordSchema.safeParse(answer.json).data : undefined
  return record === undefined ? unclear(refusalOf(answer).error) : foundIn(record, sent)
}

/** Newest first. A full page that does not reach back to the instant proves nothing. */
async function queryByTime({ caller, sent, deadlineMs }: Asking): Promise<QueryResult> {
  const resource = `${collectionOf(sent)}.json`
  const fields = { To: sent.to, PageSize: String(PAGE_SIZE) }
  const answer = await callTwilio(caller, { method: 'GET', resource, fields }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const page = isOk(answer) ? pageSchema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  const ages = page.map((record) => Date.parse(record.date_created ?? '') - sent.sentAtMs)
  const [only, ...others] = page.filter((_, at) => isAround(ages[at]))
  if (others.length > 0) return unclear(sendError('unknown', 'several_found'))
  if (only !== undefined) return foundIn(only, sent)
  const reachesBack = page.length < PAGE_SIZE || ages.some((age) => age < -BEFORE_MS)
  return reachesBack ? { kind: 'absent' } : unclear(sendError('unknown', 'too_many_found'))
}

const isAround = (afterMs: number | undefined): boolean =>
  afterMs !== undefined && afterMs >= -BEFORE_MS && afterMs <= AFTER_MS

function foundIn(record: TwilioRecord, { id: reference }: SentReference): QueryResult {
  const delivery = deliveryOf({
    providerMessageId: record.sid,
    reference,
    status: record.status,
    errorCode: record.error_code == null ? undefined : String(record.error_code),
    segments: segmentsIn(record.num_segments),
    cost: costOf(record.price, record.price_unit),
  })
  return delivery === undefined
    ? unclear(sendError('unknown', record.status))
    : { kind: 'found', delivery }
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
