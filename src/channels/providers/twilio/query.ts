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
  if (sent.providerMessageId !== undefined) return queryBySid(caller, sent, deadlineMs)
  const { sms, voice } = caller.settings
  const near: TwilioRecord[] = []
  for (const resource of [sms && 'Messages.json', voice && 'Calls.json']) {
    if (resource === undefined) continue
    const found = await listNear({ caller, resource, deadlineMs }, sent)
    if ('kind' in found) return found
    near.push(...found)
  }
  const [only] = near
  if (only === undefined) return { kind: 'absent' }
  return near.length === 1 ? foundIn(only, sent) : unclear(sendError('unknown', 'several_found'))
}

async function queryBySid(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const sid = sent.providerMessageId ?? ''
  if (!SID.test(sid)) return { kind: 'absent' }
  const resource = `${sid.startsWith('CA') ? 'Calls' : 'Messages'}/${sid}.json`
  const answer = await callTwilio(caller, { method: 'GET', resource }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (answer.status === 404) return { kind: 'absent' }
  const record = isOk(answer) ? recordSchema.safeParse(answer.json).data : undefined
  return record === undefined ? unclear(refusalOf(answer).error) : foundIn(record, sent)
}

type Listing = {
  readonly caller: Caller
  readonly resource: string
  readonly deadlineMs: number
}

/** Newest first. A full page that does not reach back to the instant proves nothing. */
async function listNear(
  { caller, resource, deadlineMs }: Listing,
  { to, sentAtMs }: SentReference,
): Promise<readonly TwilioRecord[] | QueryResult> {
  const fields = { To: to, PageSize: String(PAGE_SIZE) }
  const answer = await callTwilio(caller, { method: 'GET', resource, fields }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const page = isOk(answer) ? pageSchema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  const ages = page.map((record) => Date.parse(record.date_created ?? '') - sentAtMs)
  const near = page.filter((_, at) => isAround(ages[at]))
  const reachesBack = page.length < PAGE_SIZE || ages.some((age) => age < -BEFORE_MS)
  return reachesBack || near.length > 0 ? near : unclear(sendError('unknown', 'too_many_found'))
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
