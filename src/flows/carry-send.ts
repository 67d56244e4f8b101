import { closingPosting } from '../billing/postings.ts'
import type { Dispatched, OutboxJob, Returned } from '../channels/outbox-store.ts'
import type { OutboundMessage, Provider } from '../channels/provider.ts'
import type { Asker } from '../channels/provider-paces.ts'
import type { Planned, Sent } from '../channels/walk.ts'
import type { Currency } from '../domain/money.ts'
import { maskPhone } from '../domain/phone.ts'
import type { Send } from '../domain/send.ts'
import { type SendError, type SendErrorKind, sendError } from '../domain/send-error.ts'
import { statusOf, type Verification } from '../domain/verification.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { backoffMs, ROUNDS_MAX } from './backoff.ts'
import type { House } from './house.ts'
import { messageParts } from './message-text.ts'
import { routeFactsOf } from './route-facts.ts'
import type { Routed } from './woken.ts'

/** One walk along the route from the lease on, all fail-overs included. Ends well before the lease does. */
const WALK_MS = 15_000
/** The first question about a send of which nobody knows whether it left. */
const ASK_UNKNOWN_MS = 30_000
/** The first question about an accepted send whose money waits for its receipt. */
const ASK_UNHEARD_MS = 600_000

export type CarryHouse = Pick<
  House,
  'platform' | 'policy' | 'codes' | 'outbox' | 'tenancy' | 'phoneData'
>

/** Who to ask, best first, and the number's carrier. */
export type Route = { readonly plan: readonly Planned[]; readonly carrier: string | undefined }

/** A leased row on its way. */
export type Flight = {
  readonly job: OutboxJob
  /** Undefined: not chosen yet. The lease names the first of its plan. */
  readonly route: Route | undefined
  readonly leasedAtMs: number
}

export type Ended =
  | { readonly kind: 'over'; readonly dispatched: Dispatched }
  | { readonly kind: 'later'; readonly returned: Returned }

/** Somebody else has the row now, so this walk asks nobody any more. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** Asks the providers of the route. Undefined when the row is not ours any more. */
export async function carrySend(house: CarryHouse, flight: Flight): Promise<Ended | undefined> {
  const { job } = flight
  try {
    const walked = await walk(house, flight)
    if (walked.kind === 'walked') logTries(house, job, walked.sent)
    return endOf(house, job, walked)
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
    house.platform.log.warn('send.lost', { send: job.send.id })
    return undefined
  }
}

function endOf(house: CarryHouse, job: OutboxJob, walked: Walked | Waiting): Ended {
  const { send, tries } = job
  if (walked.kind === 'waiting') {
    const { notBeforeMs } = walked
    return { kind: 'later', returned: { sendId: send.id, tries, notBeforeMs, rounds: job.rounds } }
  }
  const atMs = house.platform.nowMs()
  const rounds = job.rounds + 1
  const { sent } = walked
  if (sent.status === 'failed' && sent.retryable && rounds < ROUNDS_MAX) {
    const notBeforeMs = atMs + backoffMs(house.platform, rounds)
    if (notBeforeMs < send.expiresAtMs) {
      return { kind: 'later', returned: { sendId: send.id, tries, notBeforeMs, rounds } }
    }
  }
  return { kind: 'over', dispatched: toDispatched(job, walked, atMs) }
}

type UnitCost = { readonly micros: number; readonly currency: Currency | undefined }
const NO_COST: UnitCost = { micros: 0, currency: undefined }

/** It takes no round: nobody was asked, since those who may carry it have all that they may get just now. */
type Waiting = { readonly kind: 'waiting'; readonly notBeforeMs: number }

type Walked = {
  readonly kind: 'walked'
  readonly sent: Exclude<Sent, { readonly status: 'waiting' }>
  /** Our own count, for providers that tell none. */
  readonly segments: number
  /** Of one segment, call or message with the provider that has it. */
  readonly unitCost: UnitCost
}

async function walk(house: CarryHouse, flight: Flight): Promise<Walked | Waiting> {
  const { job, leasedAtMs } = flight
  const { send, verification } = job
  const nowMs = house.platform.nowMs()
  if (nowMs >= send.expiresAtMs) return unsent('expired_before_sending')
  if (!isAwaited(send, verification, nowMs)) return unsent('code_dead')
  const service = await house.tenancy.service(send.accountId, send.serviceId)
  if (service === undefined) return unsent('service_gone')
  const { plan, carrier } = flight.route ?? (await laterRoute(house, job, service))
  const message = { ...outbound(house, job, service), carrier, asker: askerOf(job) }
  const walked = named(house, job, plan)
  const { router } = house.policy()
  const sent = await router.sendAlong(walked, message, leasedAtMs + WALK_MS)
  if (sent.status === 'waiting') return waitOf(send, sent.notBeforeMs)
  const unitCost = sent.status === 'failed' ? NO_COST : costWith(house, sent.providerId, send)
  return { kind: 'walked', sent, segments: message.segments, unitCost }
}

/** A code whose turn would come after its life is better told to have failed now. */
const waitOf = ({ expiresAtMs }: Send, notBeforeMs: number): Walked | Waiting =>
  notBeforeMs < expiresAtMs
    ? { kind: 'waiting', notBeforeMs }
    : unsent('no_room_in_time', 'throttled')

const askerOf = ({ send, tries }: OutboxJob): Asker => ({
  kind: send.rate.kind,
  hasWaited: tries > 1,
})

export function routeOf(
  house: Pick<House, 'policy' | 'phoneData'>,
  routed: Routed,
  usedBefore: readonly string[] = [],
): Route {
  const facts = routeFactsOf(house, routed)
  const plan = house.policy().router.planFor({ ...facts, usedBefore })
  return { plan, carrier: facts.carrier }
}

/** Of a row that was not sent at once, or that somebody else carried before. */
async function laterRoute(house: CarryHouse, job: OutboxJob, service: Service): Promise<Route> {
  const { send, verification } = job
  const routed = { service, send, locale: verification.locale, asker: askerOf(job) }
  if (send.generation === 1) return routeOf(house, routed)
  const carriers = await house.outbox.carriersOf([send.verificationId])
  const usedBefore = carriers.get(send.verificationId)?.map(({ providerId }) => providerId)
  return routeOf(house, routed, usedBefore)
}

/** A code that was typed in, canceled or replaced meanwhile would only confuse. */
export const isAwaited = (send: Send, verification: Verification, nowMs: number): boolean =>
  statusOf(verification, nowMs) === 'pending' && send.generation === verification.sends

/** The same providers, each written down with the row before it is asked. */
function named(
  { outbox, platform }: CarryHouse,
  { send, tries, ...job }: OutboxJob,
  plan: readonly Planned[],
): readonly Planned[] {
  let { providerId } = job
  const toNamed = (provider: Provider): Provider => ({
    id: provider.id,
    channels: provider.channels,
    send: async (message, deadlineMs) => {
      if (providerId !== provider.id) {
        const lease = { sendId: send.id, tries }
        if (!(await outbox.ask(lease, provider.id, platform.nowMs()))) throw new LeaseLost()
        providerId = provider.id
      }
      return provider.send(message, deadlineMs)
    },
  })
  return plan.map((planned) => ({ ...planned, provider: toNamed(planned.provider) }))
}

/** What costs/ tells for the destination, else the one cost of the routes file. */
function costWith(house: CarryHouse, provider: string, send: Send): UnitCost {
  const { costs, router } = house.policy()
  const { channel, rate, createdAtMs: atMs } = send
  const listed = costs.costOf({ provider, channel, country: rate.country, atMs })
  if (listed !== undefined) return listed
  return { micros: router.provider(provider)?.costMicros ?? 0, currency: undefined }
}

function outbound(
  house: CarryHouse,
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

const unsent = (code: string, kind: SendErrorKind = 'unknown'): Walked => ({
  kind: 'walked',
  sent: { status: 'failed', error: sendError(kind, code), retryable: false, tries: [] },
  segments: 0,
  unitCost: NO_COST,
})

function toDispatched({ send, tries }: OutboxJob, walked: Walked, atMs: number): Dispatched {
  const { sent, unitCost } = walked
  const accepted = sent.status === 'sent' ? sent.result : undefined
  const segments = accepted?.segments ?? walked.segments
  const isOut = sent.status !== 'failed'
  const units = send.channel === 'sms' ? segments : 1
  return {
    sendId: send.id,
    tries,
    status: sent.status,
    providerId: isOut ? sent.providerId : undefined,
    providerMessageId: accepted?.providerMessageId,
    segments: isOut ? segments : undefined,
    cost: accepted?.cost,
    expectedCostMicros: isOut ? unitCost.micros * units : undefined,
    expectedCostCurrency: unitCost.currency,
    error: sent.status === 'sent' ? undefined : sent.error,
    posting: closingPosting(send, sent.status, atMs),
    queryAtMs: queryAtMs(send, sent, atMs),
    atMs,
  }
}

function queryAtMs({ rate }: Send, { status }: Walked['sent'], atMs: number): number | undefined {
  if (status === 'unknown') return atMs + ASK_UNKNOWN_MS
  return status === 'sent' && rate.billOn === 'delivered' ? atMs + ASK_UNHEARD_MS : undefined
}

/** One line per try, as an operator would ask for it at night. */
function logTries(house: CarryHouse, { send }: OutboxJob, sent: Walked['sent']): void {
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
