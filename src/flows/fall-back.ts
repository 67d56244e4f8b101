import type { PlanFacts } from '../channels/plan.ts'
import type { Channel } from '../domain/channel.ts'
import { type Micros, negate, plus, ZERO } from '../domain/money.ts'
import type { CodeSend, Send } from '../domain/send.ts'
import { statusOf, type Verification } from '../domain/verification.ts'
import { changedFeatures, recordedFeatures } from '../risk/recorded-features.ts'
import type { Service } from '../tenancy/tenancy.ts'
import type { House } from './house.ts'
import { judge } from './judge.ts'
import type { Rated } from './rate-send.ts'
import { routeFactsOf } from './route-facts.ts'
import { type Anew, rateAnew, type SendingHouse, sendAnew } from './send-anew.ts'

const AT_ONCE = 50
/** Whoever began it may have died; then it is begun again. */
const AGAIN_MS = 30_000

type RatingHouse = Pick<House, 'platform' | 'policy' | 'tenancy' | 'months' | 'phoneData'>
export type FallingHouse = SendingHouse & RatingHouse & Pick<House, 'outbox' | 'velocity'>

/** Which channels may take over from this one, in this order: the service's own, or those of the routes file. */
export function channelsAfter(
  { router }: Pick<ReturnType<House['policy']>, 'router'>,
  { channels, fallbackChannels }: Pick<Service, 'channels' | 'fallbackChannels'>,
  channel: Channel,
): readonly Channel[] {
  const chain: Channel[] = []
  if (fallbackChannels === 'default') {
    let next = router.nextChannel(channel)
    for (; next !== undefined; next = router.nextChannel(next)) chain.push(next)
  } else {
    chain.push(...fallbackChannels.slice(fallbackChannels.indexOf(channel) + 1))
  }
  return chain.filter((next) => channels.includes(next))
}

/**
 * Sends by another channel what surely could not be sent by the one that was asked for. Each such message is taken by one caller, and
 * taken again if that one dies. Answers how many were looked at.
 */
export async function fallBack(house: FallingHouse): Promise<number> {
  const nowMs = house.platform.nowMs()
  const span = { nowMs, againAtMs: nowMs + AGAIN_MS, limit: AT_ONCE }
  const fallen = await house.outbox.takeFallen(span)
  await Promise.all(fallen.map((send) => fallBackOne(house, send)))
  return fallen.length
}

/** One that cannot be seen to holds up no other; its turn comes again. */
async function fallBackOne(house: FallingHouse, send: CodeSend): Promise<void> {
  const { log } = house.platform
  try {
    const channel = await takeOver(house, send)
    await house.outbox.closeFallen(send.id, channel)
    if (channel === undefined) return
    log.info('send.fell_back', { send: send.id, from: send.channel, to: channel })
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    log.error('fall_back.failed', { send: send.id, cause })
  }
}

/** The channel that took over; undefined when none may, or nobody waits for the code any more. */
async function takeOver(house: FallingHouse, send: CodeSend): Promise<Channel | undefined> {
  const { accountId, verificationId: id, serviceId } = send
  const verification = await house.verifications.find({ accountId, id })
  const service = await house.tenancy.service(accountId, serviceId)
  if (verification === undefined || service === undefined) return undefined
  if (send.generation !== verification.sends) return undefined
  if (statusOf(verification, house.platform.nowMs()) !== 'pending') return undefined
  const successor = await successorOf(house, { verification, service, send })
  if (successor === undefined) return undefined
  const { kind } = await sendAnew(house, successor.anew, successor.rated)
  if (kind !== 'sent') return undefined
  await reprice(house, verification, plus(successor.rated.price, negate(send.price)))
  return successor.anew.channel
}

/** The counters know the message by its first channel; it stays one message to them. A counter that fails costs nobody a code. */
async function reprice(
  { velocity, platform }: Pick<House, 'velocity' | 'platform'>,
  { subjects, createdAtMs: sentAtMs }: Verification,
  price: Micros,
): Promise<void> {
  if (price === ZERO) return
  try {
    const atMs = platform.nowMs()
    await velocity.record({ kind: 'repriced', atMs, sentAtMs, subjects, price })
  } catch {
    platform.log.error('velocity.unavailable', { while: 'fall_back' })
  }
}

type Falling = Pick<Anew, 'verification' | 'service'> & { readonly send: Send }
type Successor = { readonly anew: Anew; readonly rated: Rated }

/** The first channel that may take over from the message: it has a provider, and would have been allowed. */
export async function successorOf(
  house: RatingHouse,
  { verification, service, send }: Falling,
): Promise<Successor | undefined> {
  for (const channel of channelsAfter(house.policy(), service, send.channel)) {
    const anew = { verification, service, channel }
    if (!hasRoute(house, anew, send)) continue
    const rated = await rateAnew(house, anew)
    if (isAllowed(house, anew, rated)) return { anew, rated }
  }
  return undefined
}

function hasRoute(
  house: RatingHouse,
  { verification, service, channel }: Anew,
  send: Send,
): boolean {
  const { locale } = verification
  const facts: PlanFacts = routeFactsOf(house, { service, send: { ...send, channel }, locale })
  return house.policy().router.explain(facts).ranked.length > 0
}

/**
 * Decides again on what was known when the code was asked for, with the other channel and its price: else an expensive call could be
 * had by asking for a message that fails. A challenge that the person passed stays passed. What another build wrote down is not read: no.
 */
function isAllowed(
  { policy }: Pick<House, 'policy'>,
  { verification, service, channel }: Anew,
  { price }: Rated,
): boolean {
  const { decision, purpose, traffic } = verification
  const known = recordedFeatures(decision.features)
  if (known === undefined) return false
  const features = featuresBy(known, channel, price)
  const { thresholds, pardon } = decision
  const asked = { service, channel, purpose, price, country: traffic.country }
  const pardoning = pardon !== 'spent'
  const { outcome } = judge(policy(), { ...asked, thresholds, pardoning }, features).verdict
  return outcome === 'allow' || (outcome === 'challenge' && decision.challengePassed)
}

const featuresBy = (
  known: Parameters<typeof changedFeatures>[0],
  channel: Verification['channel'],
  price: number,
) =>
  [
    { feature: 'request.channel', to: channel },
    { feature: 'request.voice', to: channel === 'voice' },
    { feature: 'request.price_micros', to: price },
  ].reduce(changedFeatures, known)
