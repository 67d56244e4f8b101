import type { OutboxJob } from '../channels/outbox-store.ts'
import type { OutboundMessage, Provider } from '../channels/provider.ts'
import type { Asker } from '../channels/provider-paces.ts'
import type { Planned, Sent } from '../channels/walk.ts'
import { maskPhone } from '../domain/phone.ts'
import type { Send } from '../domain/send.ts'
import type { SendError } from '../domain/send-error.ts'
import type { Service } from '../tenancy/tenancy.ts'
import {
  type Ended,
  endOf,
  NO_COST,
  type UnitCost,
  unsent,
  type Waiting,
  type Walked,
  waitOf,
} from './end-of-walk.ts'
import { successorOf } from './fall-back.ts'
import type { House } from './house.ts'
import { localeOf, outdated, partsOf } from './job-subject.ts'
import { routeFactsOf } from './route-facts.ts'
import type { Routed } from './woken.ts'

/** One walk along the route from the lease on, all fail-overs included. Ends well before the lease does. */
const WALK_MS = 15_000

export type CarryHouse = Pick<
  House,
  'platform' | 'policy' | 'codes' | 'outbox' | 'tenancy' | 'phoneData' | 'months'
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

async function walk(house: CarryHouse, flight: Flight): Promise<Walked | Waiting> {
  const { job, leasedAtMs } = flight
  const { send } = job
  const nowMs = house.platform.nowMs()
  const over = outdated(job, nowMs)
  if (over !== undefined) return over
  const service = await house.tenancy.service(send.accountId, send.serviceId)
  if (service === undefined) return unsent({ code: 'service_gone' })
  const { plan, carrier } = flight.route ?? (await laterRoute(house, job, service))
  const message = { ...outbound(house, job, service), carrier, asker: askerOf(job) }
  const walked = named(house, job, plan)
  const { router } = house.policy()
  const sent = await router.sendAlong(walked, message, leasedAtMs + WALK_MS)
  const mayFall = await canFall(house, { job, service }, sent)
  if (sent.status === 'waiting') return waitOf(send, sent.notBeforeMs, { mayFall, nowMs })
  const unitCost = sent.status === 'failed' ? NO_COST : costWith(house, sent.providerId, send)
  return { kind: 'walked', sent, segments: message.segments, unitCost, mayFall }
}

/**
 * Asked of those alone that do not get through. What cannot be told just now is a no: else what a provider surely refused would count as
 * maybe sent.
 */
async function canFall(
  house: CarryHouse,
  { job: { send, subject }, service }: { readonly job: OutboxJob; readonly service: Service },
  { status }: Sent,
): Promise<boolean> {
  if (subject.kind !== 'code' || (status !== 'failed' && status !== 'waiting')) return false
  const { verification } = subject
  try {
    return (await successorOf(house, { verification, service, send })) !== undefined
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    house.platform.log.error('fall_back.failed', { send: send.id, cause })
    return false
  }
}

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
  const { send } = job
  const routed = { service, send, locale: localeOf(job), asker: askerOf(job) }
  if (send.generation === 1 || send.verificationId === undefined) return routeOf(house, routed)
  const carriers = await house.outbox.carriersOf([send.verificationId])
  const usedBefore = carriers.get(send.verificationId)?.map(({ providerId }) => providerId)
  return routeOf(house, routed, usedBefore)
}

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
  const { costMicros: micros = 0, costCurrency } = router.provider(provider) ?? {}
  return { micros, currency: micros === 0 ? undefined : costCurrency }
}

function outbound(house: CarryHouse, job: OutboxJob, service: Service): OutboundMessage {
  const { send } = job
  return {
    id: send.id,
    to: send.phone,
    country: send.rate.country,
    channel: send.channel,
    kind: send.rate.kind,
    from: service.sender,
    validForMs: send.expiresAtMs - house.platform.nowMs(),
    ...partsOf(house, job, service),
  }
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
