import { closingPosting } from '../billing/postings.ts'
import type { Dispatched, OutboxJob } from '../channels/outbox-store.ts'
import type { Sent } from '../channels/router.ts'
import { segmentsOf } from '../content/segments.ts'
import type { SendId } from '../domain/ids.ts'
import { maskPhone } from '../domain/phone.ts'
import type { House } from './house.ts'
import { messageText } from './message-text.ts'
import { closingOf } from './record-receipts.ts'

export const DISPATCH_BATCH = 64
/** One walk along the route, all fail-overs included. */
const WALK_MS = 15_000
/** A dispatcher that died gives its rows back after this; longer than a walk, so that a live one never loses them. */
const LEASE_MS = 30_000
const ROUNDS_MAX = 3
const BACKOFF_MS = 5_000

type DispatchHouse = Pick<House, 'platform' | 'policy' | 'codes' | 'outbox' | 'tenancy'>

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
  const sent = await walk(house, job)
  logTries(house, job, sent)
  const atMs = house.platform.nowMs()
  if (sent.status === 'failed' && sent.retryable && job.tries < ROUNDS_MAX) {
    const notBeforeMs = atMs + BACKOFF_MS * 2 ** (job.tries - 1)
    if (notBeforeMs < send.expiresAtMs) {
      await house.outbox.retryLater(send.id, notBeforeMs)
      return undefined
    }
  }
  return toDispatched(job, sent, atMs)
}

async function walk(house: DispatchHouse, { send, verification }: OutboxJob): Promise<Sent> {
  const nowMs = house.platform.nowMs()
  if (nowMs >= send.expiresAtMs) return tooLate
  const service = await house.tenancy.service(send.accountId, send.serviceId)
  if (service === undefined) return { ...tooLate, upstreamCode: 'service_gone' }
  const { router } = house.policy()
  const code = house.codes.codeOf(verification, send.generation, verification)
  const secondsLeft = (verification.expiresAtMs - nowMs) / 1000
  const body = messageText(service, { code, secondsLeft, locale: verification.locale })
  const plan = router.planFor({
    channel: send.channel,
    country: verification.traffic.country,
    carrier: undefined,
    serviceId: send.serviceId,
  })
  const message = {
    id: send.id,
    to: send.phone,
    from: service.sender,
    body,
    channel: send.channel,
    segments: segmentsOf(body),
  }
  return router.sendAlong(plan, message, nowMs + WALK_MS)
}

const tooLate: Extract<Sent, { status: 'failed' }> = {
  status: 'failed',
  upstreamCode: 'expired_before_sending',
  retryable: false,
  tries: [],
}

function toDispatched({ send }: OutboxJob, sent: Sent, atMs: number): Dispatched {
  const accepted = sent.status === 'sent' ? sent.result : undefined
  return {
    sendId: send.id,
    status: sent.status,
    providerId: sent.status === 'failed' ? undefined : sent.providerId,
    providerMessageId:
      accepted?.providerMessageId ?? (sent.status === 'unknown' ? send.id : undefined),
    segments: accepted?.segments,
    costMicros: accepted?.cost,
    upstreamCode: sent.status === 'sent' ? undefined : sent.upstreamCode,
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
      upstream: result.kind === 'accepted' ? undefined : result.upstreamCode,
      ms: tookMs,
    })
  }
  if (sent.status === 'failed') {
    house.platform.log.warn('send.failed', { send: send.id, upstream: sent.upstreamCode })
  }
}
