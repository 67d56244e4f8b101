import type { MessageKind } from '../domain/message-kind.ts'
import type { SendResult } from '../domain/send.ts'
import { SEND_ERRORS, type SendError, sendError } from '../domain/send-error.ts'
import type { Platform } from '../platform/platform.ts'
import { breakerKeys } from './breakers.ts'
import type { OutboundMessage, Provider } from './provider.ts'
import { ANY_ASKER, type Asker } from './provider-paces.ts'
import type { RouterMemory } from './router-memory.ts'

export const TRIES_MAX = 3

/** One provider asked once, for the log and the books. */
export type Try = {
  readonly providerId: string
  readonly result: SendResult
  readonly startedAtMs: number
  readonly tookMs: number
}

/** How a walk along the plan ended. `status` is the send's next status. */
export type Sent = { readonly tries: readonly Try[] } & (
  | {
      readonly status: 'sent'
      readonly providerId: string
      readonly result: Extract<SendResult, { kind: 'accepted' }>
    }
  /** Maybe sent. We know no id of the vendor, so a receipt or a query can name it by our reference only. */
  | { readonly status: 'unknown'; readonly providerId: string; readonly error: SendError }
  /** Surely not sent. Another walk makes sense only when `retryable`. */
  | { readonly status: 'failed'; readonly error: SendError; readonly retryable: boolean }
  /** Nobody was asked: those who may carry it have all that they may get just now. */
  | { readonly status: 'waiting'; readonly notBeforeMs: number }
)

/** One provider of a plan. */
export type Planned = {
  readonly provider: Provider
  /** Of those that are not known to be worse than the best, or the first there is. */
  readonly isGood: boolean
  /** So many messages found room by its `rate_per_second` when the plan was made, this one among them. */
  readonly room: number
}

/** Rather than ask a worse provider, a message waits so long for room with a good one. */
const PATIENCE_MS: Readonly<Record<MessageKind, number>> = {
  otp: 1_000,
  notice: 30_000,
  bulk: 300_000,
}

/** A message with what its carrying is remembered by, and who asks. */
export type Carried = OutboundMessage & {
  readonly carrier?: string | undefined
  readonly asker?: Asker | undefined
}

export type Walk = {
  readonly platform: Platform
  readonly memory: RouterMemory
  /** Messages a second that a provider lets us send; undefined: as many as there are. */
  readonly rateOf: (providerId: string) => number | undefined
  readonly message: Carried
  readonly deadlineMs: number
}

/** See `Router.sendAlong`. */
export async function walk(walking: Walk, plan: readonly Planned[]): Promise<Sent> {
  const tries: Try[] = []
  let left = plan
  let hadNoRoom = false
  while (mayGoOn(walking, left, tries)) {
    const next = nextOf(walking, left, tries.length > 0)
    if (next.kind === 'wait') return next.sent
    hadNoRoom = next.kind === 'nobody'
    if (next.kind === 'nobody') break
    const made = await askIfFree(walking, next.planned.provider)
    if (made === 'full') continue
    left = left.filter((planned) => planned !== next.planned)
    if (made === 'paused') continue
    tries.push(made)
    if (isFinal(made.result)) return sentOf(tries, false)
  }
  if (tries.length > 0) return sentOf(tries, hadNoRoom)
  return lastResort(walking, plan)
}

const mayGoOn = (walking: Walk, left: readonly Planned[], tries: readonly Try[]): boolean =>
  left.length > 0 && tries.length < TRIES_MAX && !isTooLate(walking)

/** Where every provider is paused, a doubtful one is still better than none. */
async function lastResort(walking: Walk, plan: readonly Planned[]): Promise<Sent> {
  const [first] = plan
  if (first === undefined || isTooLate(walking)) return untried(plan)
  if (roomOf(walking, first).inMs > 0) return waitFor(walking, first)
  if (!(await hasTurn(walking, first.provider))) return waitFor(walking, first)
  return sentOf([await tryOne(walking, first.provider)], false)
}

type Next =
  | { readonly kind: 'ask'; readonly planned: Planned }
  | { readonly kind: 'wait'; readonly sent: Sent }
  | { readonly kind: 'nobody' }

/** The first good one with room; for want of one, a good one that will have room in a moment; else anybody with room. */
function nextOf(walking: Walk, left: readonly Planned[], hasAsked: boolean): Next {
  const rooms = left.map((planned) => roomOf(walking, planned))
  const open = rooms.filter(({ inMs }) => inMs === 0).map(({ planned }) => planned)
  const good = open.find(({ isGood }) => isGood)
  if (good !== undefined) return { kind: 'ask', planned: good }
  const soon = hasAsked ? undefined : soonestOf(rooms.filter(({ planned }) => planned.isGood))
  if (soon !== undefined && soon.inMs <= PATIENCE_MS[askerOf(walking).kind]) {
    return { kind: 'wait', sent: waitFor(walking, soon.planned) }
  }
  if (open[0] !== undefined) return { kind: 'ask', planned: open[0] }
  const soonest = hasAsked ? undefined : soonestOf(rooms)
  if (soonest === undefined) return { kind: 'nobody' }
  return { kind: 'wait', sent: waitFor(walking, soonest.planned) }
}

type Room = { readonly planned: Planned; readonly inMs: number }

function roomOf(walking: Walk, planned: Planned): Room {
  const nowMs = walking.platform.nowMs()
  const { paces } = walking.memory
  const atMs = paces.roomAtMs(pacedOf(walking, planned.provider), askerOf(walking), nowMs)
  return { planned, inMs: atMs - nowMs }
}

const soonestOf = (rooms: readonly Room[]): Room | undefined =>
  rooms.toSorted((one, other) => one.inMs - other.inMs)[0]

function waitFor(walking: Walk, { provider }: Planned): Sent {
  const { memory, platform } = walking
  const paced = pacedOf(walking, provider)
  const notBeforeMs = memory.paces.lineUp(paced, askerOf(walking), platform.nowMs())
  return { status: 'waiting', notBeforeMs, tries: [] }
}

const pacedOf = ({ rateOf }: Walk, { id }: Provider) => ({ id, ratePerSecond: rateOf(id) })

const askerOf = ({ message }: Walk): Asker => message.asker ?? ANY_ASKER

const isTooLate = ({ platform, deadlineMs }: Walk): boolean => platform.nowMs() >= deadlineMs

/** `full`: other processes had the room that there was, so that the next look sees none. */
async function askIfFree(walking: Walk, provider: Provider): Promise<Try | 'full' | 'paused'> {
  if (isPaused(walking, provider)) return 'paused'
  if (!(await hasTurn(walking, provider))) return 'full'
  return isAdmitted(walking, provider) ? tryOne(walking, provider) : 'paused'
}

const hasTurn = (walking: Walk, provider: Provider): Promise<boolean> =>
  walking.memory.turns.take(pacedOf(walking, provider), askerOf(walking), walking.platform)

/** Unlike `isAdmitted` this takes nobody's turn to try. */
function isPaused({ memory, message, platform }: Walk, { id }: Provider): boolean {
  const nowMs = platform.nowMs()
  return breakerKeys(id, message.country).some((key) => memory.breakers.isOpen(key, nowMs))
}

function isAdmitted({ memory, message, platform }: Walk, { id }: Provider): boolean {
  const nowMs = platform.nowMs()
  return breakerKeys(id, message.country).every((key) => memory.breakers.admits(key, nowMs))
}

async function tryOne(walking: Walk, provider: Provider): Promise<Try> {
  const { platform, message, deadlineMs } = walking
  const startedAtMs = platform.nowMs()
  const result = await provider.send(message, deadlineMs)
  const tookMs = platform.nowMs() - startedAtMs
  remember(walking, provider.id, { result, tookMs })
  return { providerId: provider.id, result, startedAtMs, tookMs }
}

function remember(
  { memory, message, platform }: Walk,
  providerId: string,
  { result, tookMs }: Pick<Try, 'result' | 'tookMs'>,
): void {
  const nowMs = platform.nowMs()
  const { country, channel, carrier } = message
  const outcome = healthOf(result)
  const [everywhere, here] = breakerKeys(providerId, country)
  memory.breakers.record(here, outcome, nowMs)
  // One refusal of our account or its money stands for all countries; any acceptance clears it.
  if (outcome === 'good' || isOurAccount(result)) memory.breakers.record(everywhere, outcome, nowMs)
  if (outcome === 'bad' || result.kind === 'accepted') {
    const place = { providerId, channel, country, carrier }
    memory.health.noteAnswer(place, { isGood: outcome === 'good', tookMs }, nowMs)
    memory.reading.heard.add('answer', message.id)
  }
}

const isOurAccount = (result: SendResult): boolean =>
  result.kind !== 'accepted' &&
  (result.error.kind === 'credentials' || result.error.kind === 'balance')

/** A refusal of one message says nothing against the provider: else a stream of bad numbers could switch it off. */
function healthOf(result: SendResult): 'good' | 'bad' {
  if (result.kind === 'accepted') return 'good'
  if (result.kind === 'unknown') return 'bad'
  return SEND_ERRORS[result.error.kind].blamesProvider ? 'bad' : 'good'
}

function isFinal(result: SendResult): boolean {
  if (result.kind !== 'refused') return result.kind !== 'failed'
  return !SEND_ERRORS[result.error.kind].elsewhere
}

/** `hadNoRoom`: somebody who may take it was not asked, for want of room. */
function sentOf(tries: readonly Try[], hadNoRoom: boolean): Sent {
  const last = tries.at(-1)
  if (last === undefined) return untried([])
  const { providerId, result } = last
  if (result.kind === 'accepted') return { status: 'sent', providerId, result, tries }
  const { error } = result
  if (result.kind === 'unknown') return { status: 'unknown', providerId, error, tries }
  const retryable = !isFinal(result) && (hadNoRoom || tries.some(mayPassLater))
  return { status: 'failed', error, retryable, tries }
}

const mayPassLater = ({ result }: Try): boolean =>
  result.kind !== 'accepted' && SEND_ERRORS[result.error.kind].later

const untried = (plan: readonly Planned[]): Sent => ({
  status: 'failed',
  error: sendError('unknown', plan.length === 0 ? 'no_route' : 'deadline_passed'),
  retryable: plan.length > 0,
  tries: [],
})
