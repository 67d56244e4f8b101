import { release } from '../billing/postings.ts'
import type { Dispatched, Unheard } from '../channels/outbox-store.ts'
import type { QueryResult } from '../channels/provider.ts'
import { sendError } from '../domain/send-error.ts'
import { ROUNDS_MAX } from './backoff.ts'
import type { House } from './house.ts'
import { outdated } from './job-subject.ts'
import { noteReceipt } from './note-routes.ts'
import { closingOf } from './record-receipts.ts'

const AT_ONCE = 50
const LEAST_MS = 30_000
const MOST_MS = 3_600_000
const ANSWER_MS = 10_000
/** Before that a message that a vendor does not list may still be on its way into the list. */
const ABSENT_SURE_MS = 60_000

export type ReconcilingHouse = Pick<
  House,
  'platform' | 'policy' | 'outbox' | 'phoneData' | 'wakeDue' | 'patience'
>

/**
 * Asks providers what became of sends that nobody told the end of: those of which we do not know whether they left, and accepted ones
 * whose money waits for a receipt. Answers how many were looked at.
 */
export async function reconcileSends(house: ReconcilingHouse): Promise<number> {
  const nowMs = house.platform.nowMs()
  await house.outbox.applyEarly(nowMs, closingOf(house.platform.nowMs))
  const pace = { nowMs, leastMs: LEAST_MS, mostMs: MOST_MS, limit: AT_ONCE }
  const unheard = await house.outbox.takeUnheard(pace)
  await Promise.all(unheard.map((send) => reconcileOne(house, send)))
  return unheard.length
}

async function reconcileOne(house: ReconcilingHouse, send: Unheard): Promise<void> {
  const answer = await query(house, send)
  house.platform.log.info('send.queried', {
    send: send.id,
    provider: send.outcome.providerId,
    answer: answer?.kind ?? 'not_asked',
  })
  if (answer?.kind === 'found') return record(house, send, answer)
  if (send.status !== 'unknown') return
  const ageMs = house.platform.nowMs() - (send.outcome.askedAtMs ?? send.createdAtMs)
  if (answer?.kind === 'absent' && ageMs >= ABSENT_SURE_MS) return sendAgain(house, send)
  if (ageMs >= house.patience.unknownMs) await giveUp(house, send, 'never_heard_of')
}

/** Undefined where the provider cannot be asked. */
async function query(
  { policy, platform }: ReconcilingHouse,
  { id, phone, channel, createdAtMs, outcome }: Unheard,
): Promise<QueryResult | undefined> {
  const { providerId, providerMessageId, askedAtMs = createdAtMs } = outcome
  const provider = providerId && policy().router.provider(providerId)?.provider
  if (!provider) return undefined
  const named = { id, to: phone, channel, providerMessageId, sentAtMs: askedAtMs }
  return provider.query?.(named, platform.nowMs() + ANSWER_MS)
}

async function record(
  house: ReconcilingHouse,
  { id, outcome }: Unheard,
  { delivery }: Extract<QueryResult, { kind: 'found' }>,
): Promise<void> {
  const providerId = outcome.providerId ?? ''
  const receipt = { ...delivery, reference: id, providerId }
  const { nowMs } = house.platform
  const recorded = await house.outbox.recordDelivery(receipt, nowMs(), closingOf(nowMs))
  noteReceipt(house, providerId, recorded)
}

/** The vendor never had it: the first acceptance is still to come, if somebody still waits for it. */
async function sendAgain(house: ReconcilingHouse, send: Unheard): Promise<void> {
  const nowMs = house.platform.nowMs()
  const subject = await house.outbox.subjectOf(send)
  const mayGo = subject !== undefined && outdated({ send, subject }, nowMs) === undefined
  if (!mayGo || send.rounds + 1 >= ROUNDS_MAX) return giveUp(house, send, 'never_arrived')
  const isQueued = await house.outbox.sendAgain({ sendId: send.id, tries: send.tries }, nowMs)
  if (isQueued) house.wakeDue()
}

/** The money goes back; a receipt that comes after all changes the status, and no money. */
async function giveUp(
  { outbox, platform }: ReconcilingHouse,
  send: Unheard,
  code: 'never_heard_of' | 'never_arrived',
): Promise<void> {
  const atMs = platform.nowMs()
  const { providerId, providerMessageId, segments, cost } = send.outcome
  const given: Dispatched = {
    sendId: send.id,
    tries: send.tries,
    status: 'failed',
    providerId,
    providerMessageId,
    segments,
    cost,
    expectedCostMicros: undefined,
    expectedCostCurrency: undefined,
    error: sendError('unknown', code),
    posting: release(send, atMs),
    queryAtMs: undefined,
    atMs,
  }
  await outbox.finish([given], closingOf(platform.nowMs))
  platform.log.warn('send.given_up', { send: send.id, provider: providerId, code })
}
