import { closingPosting } from '../billing/postings.ts'
import type { Dispatched, OutboxJob } from '../channels/outbox-store.ts'
import type { OutboundMessage } from '../channels/provider.ts'
import type { Sent } from '../channels/router.ts'
import type { SendId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import { maskPhone } from '../domain/phone.ts'
import type { Send } from '../domain/send.ts'
import { type SendError, sendError } from '../domain/send-error.ts'
import type { Service } from '../tenancy/tenancy.ts'
import type { House } from './house.ts'
import { messageParts } from './message-text.ts'
import { closingOf } from './record-receipts.ts'
import { routeFactsOf } from './route-facts.ts'

export const DISPATCH_BATCH = 64
/** One walk along the route, all fail-overs included. */
const WALK_MS = 15_000
/** A dispatcher that died gives its rows back after this; longer than a walk, so that a live one never loses them. */
const LEASE_MS = 30_000
const ROUNDS_MAX = 3
const BACKOFF_MS = 5_000

type DispatchHouse = Pick<
  House,
  'platform' | 'policy' | 'codes' | 'outbox' | 'tenancy' | 'phoneData'
>

/** Sends what is due, or these rows if nobody else has them; resolves with how many were taken. */
export async function dispatchOutbox(
  house: DispatchHouse,
  ids?: readonly SendId[],
): Promise<number> {
  const nowMs = house.platform.nowMs()
  const jobs =
    ids === undefined
      ? await house.outbox.lease(nowMs, nowMs + LEASE_MS, DISPATCH_BATCH)
      : await house.outbox.leaseThese(ids, nowMs, nowMs + LEASE_MS)
  const ended = await Promise.all(jobs.map((job) => dispatchOne(house, job)))
  const over = ended.filter((each) => each !== undefined)
  if (over.length > 0) await house.outbox.finish(over, closingOf(house.platform.nowMs))
  return jobs.length
}

async function dispatchOne(house: DispatchHouse, job: OutboxJob): Promise<Dispatched | undefined> {
  const { send } = job
  const walked = await walk(house, job)
  const { sent } = walked
  logTries(house, job, sent)
  const atMs = house.platform.nowMs()
  if (sent.status === 'failed' && sent.retryable && job.tries < ROUNDS_MAX) {
    const notBeforeMs = atMs + BACKOFF_MS * 2 ** (job.tries - 1)
    if (notBeforeMs < send.expiresAtMs) {
      await house.outbox.retryLater(send.id, notBeforeMs)
      return undefined
    }
  }
  return toDispatched(job, walked, atMs)
}

type UnitCost = { readonly micros: number; readonly currency: Currency | undefined }
const NO_COST: UnitCost = { micros: 0, currency: undefined }

type Walked = {
  readonly sent: Sent
  /** Our own count, for providers that tell none. */
  readonly segments: number
  /** Of one segment, call or message with the provider that has it. */
  readonly unitCost: UnitCost
}

async function walk(house: DispatchHouse, job: OutboxJob): Promise<Walked> {
  const { send, verification } = job
  const nowMs = house.platform.nowMs()
  if (nowMs >= send.expiresAtMs) return unsent('expired_before_sending')
  const service = await house.tenancy.service(send.accountId, send.serviceId)
  if (service === undefined) return unsent('service_gone')
  const { router } = house.policy()
  const facts = routeFactsOf(house, { service, send, locale: verification.locale })
  const usedBefore = await carriersOf(house, send)
  const plan = router.planFor({ ...facts, usedBefore })
  const message = { ...outbound(house, job, service), carrier: facts.carrier }
  const sent = await router.sendAlong(plan, message, nowMs + WALK_MS)
  const unitCost = sent.status === 'failed' ? NO_COST : costWith(house, sent.providerId, send)
  return { sent, segments: message.segments, unitCost }
}

/** Only a resend has any. */
async function carriersOf({ outbox }: DispatchHouse, send: Send): Promise<readonly string[]> {
  if (send.generation === 1) return []
  const carriers = await outbox.providersOf([send.verificationId])
  return carriers.get(send.verificationId) ?? []
}

/** What costs/ tells for the destination, else the one cost of the routes file. */
function costWith(house: DispatchHouse, provider: string, send: Send): UnitCost {
  const { costs, router } = house.policy()
  const { channel, rate, createdAtMs: atMs } = send
  const listed = costs.costOf({ provider, channel, country: rate.country, atMs })
  if (listed !== undefined) return listed
  return { micros: router.provider(provider)?.costMicros ?? 0, currency: undefined }
}

function outbound(
  house: DispatchHouse,
  { send, verification }: OutboxJob,
  service: Service,
): OutboundMessage {
  const code = house.codes.codeOf(verification, send.generation, verification)
  const validForMs = verification.expiresAtMs - house.platform.nowMs()
  const { locale, amount, payee } = verification
  const { channel } = send
  const facts = { channel, code, secondsLeft: validForMs / 1000, locale, amount, payee }
  return {
    id: send.id,
    to: send.phone,
    country: verification.traffic.country,
    channel,
    from: service.sender,
    validForMs,
    ...messageParts(service, facts),
  }
}

const unsent = (code: string): Walked => ({
  sent: { status: 'failed', error: sendError('unknown', code), retryable: false, tries: [] },
  segments: 0,
  unitCost: NO_COST,
})

function toDispatched({ send }: OutboxJob, walked: Walked, atMs: number): Dispatched {
  const { sent, unitCost } = walked
  const accepted = sent.status === 'sent' ? sent.result : undefined
  const segments = accepted?.segments ?? walked.segments
  const isOut = sent.status !== 'failed'
  const units = send.channel === 'sms' ? segments : 1
  return {
    sendId: send.id,
    status: sent.status,
    providerId: isOut ? sent.providerId : undefined,
    providerMessageId: accepted?.providerMessageId,
    segments: isOut ? segments : undefined,
    cost: accepted?.cost,
    expectedCostMicros: isOut ? unitCost.micros * units : undefined,
    expectedCostCurrency: unitCost.currency,
    error: sent.status === 'sent' ? undefined : sent.error,
    posting: closingPosting(send, sent.status, atMs),
    atMs,
  }
}

/** One line per try, as an operator would ask for it at night. */
function logTries(house: DispatchHouse, { send }: OutboxJob, sent: Sent): void {
  for (const { providerId, result, tookMs } of sent.tries) {
    house.platform.log.info('send.tried', {
      send: send.id,
      to: maskPhone(send.phone),
      provider: providerId,
      outcome: result.kind,
      ...(result.kind === 'accepted' ? {} : upstreamOf(result.error)),
      ms: tookMs,
    })
  }
  if (sent.status === 'failed') {
    house.platform.log.warn('send.failed', { send: send.id, ...upstreamOf(sent.error) })
  }
}

const upstreamOf = ({ kind, code }: SendError) => ({ error: kind, upstream: code })
