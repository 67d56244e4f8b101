import type { Channel } from '../domain/channel.ts'
import type { Decision } from '../domain/decision.ts'
import type { Currency, Micros } from '../domain/money.ts'
import { Problem } from '../domain/problems.ts'
import type { Rate } from '../domain/rate.ts'
import type { Subjects } from '../domain/subjects.ts'
import { gatherSignals } from '../risk/gather-signals.ts'
import { type ParsedPhone, parsePhone } from '../risk/phone-facts.ts'
import type { ClientInput, PhoneFacts, Signals } from '../risk/signals.ts'
import { subjectsOf } from '../risk/subjects-of.ts'
import type { Velocity } from '../risk/velocity.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { decisionOn } from './decision-on.ts'
import type { House } from './house.ts'
import { segmentsToSend } from './message-text.ts'
import { thresholdsFor } from './own-thresholds.ts'
import type { Policy } from './policy.ts'
import { type Rated, rateSend } from './rate-send.ts'
import { remember } from './remember.ts'

/** What a decision is asked about: a first send or a resend. */
export type AssessedRequest = {
  readonly service: Service
  readonly phone: PhoneFacts
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly locale: string | undefined
  readonly amount: string | undefined
  readonly payee: string | undefined
  readonly codeLength: number
  readonly client: ClientInput
  /** A solved challenge as the client sent it. */
  readonly challenge: unknown
  /** Not a resend. */
  readonly isFirst?: boolean
}

export type Assessment = {
  readonly decision: Decision
  /** The nonce of a challenge that this request solved; it is spent with the send. */
  readonly challengeNonce: string | undefined
  readonly signals: Signals
  readonly subjects: Subjects
  readonly price: Micros
  readonly currency: Currency
  readonly rate: Rate
}

export type AssessingHouse = Pick<
  House,
  | 'platform'
  | 'policy'
  | 'challenges'
  | 'phoneData'
  | 'readClient'
  | 'hash'
  | 'velocity'
  | 'ranges'
  | 'rangeBlocks'
  | 'customers'
  | 'ownScores'
  | 'lists'
  | 'evidence'
  | 'ruleSets'
  | 'tenancy'
  | 'months'
>

export const PHONE_MISTAKE: Record<Extract<ParsedPhone, { kind: 'mistake' }>['reason'], string> = {
  not_e164: 'must be an E.164 number: a plus sign, the country code and the number',
  unknown_country: 'no country has this calling code',
  too_short: 'too short for a number of this country',
  too_long: 'too long for a number of this country',
  impossible: 'no number of this country looks like this',
}

/** The only way from text to a phone number. Throws `invalid_phone`. */
export function phoneOrProblem(house: Pick<House, 'phoneData'>, to: string): PhoneFacts {
  const parsed = parsePhone(to, house.phoneData)
  if (parsed.kind === 'phone') return parsed.facts
  const detail = PHONE_MISTAKE[parsed.reason]
  throw new Problem('invalid_phone', {
    detail: `to: ${detail}`,
    errors: [{ pointer: '/to', detail }],
  })
}

/** Signals, velocity, features, hits and score, decision: each step feeds the next. Counts the request as asked. */
export async function assess(house: AssessingHouse, request: AssessedRequest): Promise<Assessment> {
  const nowMs = house.platform.nowMs()
  const policy = house.policy()
  refuseChannel(request)
  const { price, currency, rate } = await rateRequest(house, request, nowMs)
  const signals = await signalsOf(house, policy, { request, price, nowMs })
  const subjects = subjectsOf(signals, house.hash)
  const asked = { atMs: nowMs, subjects, country: request.phone.country }
  const { accountId } = request.service
  // Where they are in a database they wait for it at the same time.
  const [velocity, memory, thresholds] = await Promise.all([
    observe(house, asked),
    remember(house, { signals, subjects }),
    thresholdsFor(house, policy, { accountId, nowMs }),
  ])
  const challengeNonce = await solvedNonce(house, request)
  const decision = await decisionOn(house, policy, {
    request,
    signals,
    velocity,
    memory,
    price,
    challengeNonce,
    thresholds,
  })
  return { decision, challengeNonce, signals, subjects, price, currency, rate }
}

/** Throws `unsupported_channel` for a channel that the service does not send by. */
export function refuseChannel({
  service,
  channel,
}: Pick<AssessedRequest, 'service' | 'channel'>): void {
  if (service.channels.includes(channel)) return
  throw new Problem('unsupported_channel', {
    detail: `channel: this service sends by ${service.channels.join(' and ')}`,
    errors: [{ pointer: '/channel', detail: `must be one of ${service.channels.join(', ')}` }],
  })
}

function rateRequest(
  house: AssessingHouse,
  request: AssessedRequest,
  atMs: number,
): Promise<Rated> {
  const { service, phone, channel } = request
  const { accountId } = service
  const { country } = phone
  const segments = segmentsToSend(service, request)
  return rateSend(house, { accountId, channel, kind: 'otp', country, segments, atMs })
}

async function signalsOf(
  house: AssessingHouse,
  policy: Policy,
  { request, price, nowMs }: { request: AssessedRequest; price: Micros; nowMs: number },
): Promise<Signals> {
  const { service, phone, channel, purpose, client } = request
  const { id: serviceId, accountId } = service
  const own = await house.lists.matcherFor(accountId, nowMs)
  return gatherSignals(
    { atMs: nowMs, accountId, serviceId, channel, purpose, phone, client, price },
    {
      network: policy.networkData,
      readClient: house.readClient,
      lists: [policy.operatorLists, own],
    },
  )
}

/** A store that does not answer is something rules can see, not a yes and not a 500. */
async function observe(
  house: AssessingHouse,
  ask: Parameters<House['velocity']['observe']>[0],
): Promise<Velocity | undefined> {
  try {
    return await house.velocity.observe(ask)
  } catch {
    house.platform.log.error('velocity.unavailable', { while: 'issue' })
    return undefined
  }
}

async function solvedNonce(house: AssessingHouse, request: AssessedRequest) {
  if (request.challenge === undefined) return undefined
  const binding = { accountId: request.service.accountId, phone: request.phone.phone }
  return house.challenges.check(request.challenge, binding)
}
