import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'
import { type LowerKind, SHARES } from './places.ts'
import { type Pace, paceOf, stepMs, takeToken, tokensAtMs, tokensThere } from './token-bucket.ts'

/** Who waits to be sent. */
export type Asker = {
  readonly kind: MessageKind
  /** It was told to come back, and goes before those of its kind that come only now. */
  readonly hasWaited: boolean
}

/** Who has not said what they are. */
export const ANY_ASKER: Asker = { kind: 'otp', hasWaited: false }

export type Paced = { readonly id: string; readonly ratePerSecond: number | undefined }

/**
 * Keeps each provider to its `rate_per_second`. Codes take tokens before notices, and notices before bulk; while a higher kind
 * takes all there is, a lower one that waits is left its share of them. Knows no clock.
 */
export interface Paces {
  /** When there is room for this one, as far as can be told; `nowMs` when it is now. */
  roomAtMs(provider: Paced, asker: Asker, nowMs: number): number
  /** So many of this kind, with this one, find room now. */
  roomFor(provider: Paced, asker: Asker, nowMs: number): number
  /** Only for whom there is room now, just before the provider is asked. */
  take(provider: Paced, asker: Asker, nowMs: number): Turn
  /** Somebody else takes from the same bucket too: when it is full, but for the last `since` that were taken here. */
  learn(provider: Paced, fullAtMs: number, since: number): void
  /** Puts it in the provider's line, and tells the whole millisecond at which to come back. */
  lineUp(provider: Paced, asker: Asker, nowMs: number): number
}

/** What was taken. */
export type Turn = {
  /** By the share that is left to its kind. */
  readonly isKept: boolean
  /** Gives back its place in the line, and the share; the token is for `learn` to tell. */
  readonly undo: () => void
}
const FREE: Turn = { isKept: false, undo: () => {} }

/** Who is not back so long after their time is not waited for: another provider may have carried them. */
const GRACE_MS = 1_000
const RANKS: Readonly<Record<MessageKind, number>> = { otp: 0, notice: 1, bulk: 2 }

type State = {
  fullAtMs: number
  /** When each of those that were told to come back will, the earliest first. */
  readonly lines: Readonly<Record<MessageKind, number[]>>
  /** When a kind may take a token that higher ones would have. */
  readonly keptAtMs: Record<LowerKind, number>
}
type Bucket = { readonly pace: Pace; readonly state: State; readonly nowMs: number }

export function createPaces(): Paces {
  const states = new Map<string, State>()
  const bucketOf = ({ id, ratePerSecond }: Paced, nowMs: number): Bucket | undefined => {
    if (ratePerSecond === undefined) return undefined
    const state = states.get(id) ?? newState()
    states.set(id, state)
    for (const kind of MESSAGE_KINDS) forget(state.lines[kind], nowMs - GRACE_MS)
    return { pace: paceOf(ratePerSecond), state, nowMs }
  }
  const roomAtMs = (provider: Paced, asker: Asker, nowMs: number): number => {
    const bucket = bucketOf(provider, nowMs)
    return bucket === undefined ? nowMs : roomIn(bucket, asker)
  }
  return {
    roomAtMs,
    roomFor(provider, asker, nowMs) {
      const bucket = bucketOf(provider, nowMs)
      return bucket === undefined ? Number.POSITIVE_INFINITY : countIn(bucket, asker)
    },
    take(provider, asker, nowMs) {
      const bucket = bucketOf(provider, nowMs)
      return bucket === undefined ? FREE : takeIn(bucket, asker)
    },
    learn({ id, ratePerSecond }, fullAtMs, since) {
      const state = states.get(id)
      if (state === undefined || ratePerSecond === undefined) return
      state.fullAtMs = fullAtMs + since * stepMs(paceOf(ratePerSecond))
    },
    lineUp(provider, asker, nowMs) {
      const bucket = bucketOf(provider, nowMs)
      if (bucket === undefined) return nowMs
      leave(bucket, asker)
      const atMs = Math.ceil(roomIn(bucket, { ...asker, hasWaited: false }))
      bucket.state.lines[asker.kind].push(atMs)
      return atMs
    },
  }
}

const newState = (): State => ({
  fullAtMs: 0,
  lines: { otp: [], notice: [], bulk: [] },
  keptAtMs: { notice: 0, bulk: 0 },
})

const keptStepMs = (pace: Pace, kind: LowerKind): number => stepMs(pace) / SHARES[kind]

function forget(line: number[], untilMs: number): void {
  const first = line.findIndex((atMs) => atMs > untilMs)
  line.splice(0, first === -1 ? line.length : first)
}

function takeIn(bucket: Bucket, asker: Asker): Turn {
  const { pace, state, nowMs } = bucket
  const { kind } = asker
  const isKept = hasKeptPlace(bucket, kind)
  const keptAtMs = kind === 'otp' ? 0 : state.keptAtMs[kind]
  state.fullAtMs = takeToken(pace, state.fullAtMs, nowMs)
  if (kind !== 'otp') state.keptAtMs[kind] = nowMs + keptStepMs(pace, kind)
  const left = leave(bucket, asker)
  const undo = () => {
    if (kind !== 'otp') state.keptAtMs[kind] = Math.min(state.keptAtMs[kind], keptAtMs)
    if (left !== undefined) state.lines[kind].unshift(left)
  }
  return { isKept, undo }
}

/** Its place, if it had one. */
function leave({ state, nowMs }: Bucket, { kind, hasWaited }: Asker): number | undefined {
  const [first] = state.lines[kind]
  return hasWaited && first !== undefined && first <= nowMs ? state.lines[kind].shift() : undefined
}

function roomIn(bucket: Bucket, asker: Asker): number {
  const { pace, state, nowMs } = bucket
  const count = 1 + aheadOf(bucket, asker)
  const tokenAtMs = tokensAtMs(pace, state.fullAtMs, { nowMs, count })
  if (tokenAtMs <= nowMs) return nowMs
  const inTurnMs = Math.max(tokenAtMs, lastOf(bucket, asker.kind) + stepMs(pace))
  return asker.kind === 'otp' ? inTurnMs : Math.min(inTurnMs, keptPlaceMs(bucket, asker.kind))
}

function countIn(bucket: Bucket, asker: Asker): number {
  const { pace, state, nowMs } = bucket
  if (roomIn(bucket, asker) > nowMs) return 0
  return Math.max(1, tokensThere(pace, state.fullAtMs, nowMs) - aheadOf(bucket, asker))
}

/** How many of those whose time has come go before this one. */
function aheadOf(bucket: Bucket, { kind, hasWaited }: Asker): number {
  const own = hasWaited ? 0 : due(bucket, kind)
  const others = MESSAGE_KINDS.filter((other) => other !== kind)
  return others.reduce((sum, other) => sum + goesBefore(bucket, other, kind), own)
}

function goesBefore(bucket: Bucket, other: MessageKind, kind: MessageKind): number {
  if (hasKeptPlace(bucket, kind)) return 0
  if (RANKS[other] < RANKS[kind]) return due(bucket, other)
  return hasKeptPlace(bucket, other) ? Math.min(1, due(bucket, other)) : 0
}

const hasKeptPlace = ({ state, nowMs }: Bucket, kind: MessageKind): boolean =>
  kind !== 'otp' && state.keptAtMs[kind] <= nowMs

function due({ state, nowMs }: Bucket, kind: MessageKind): number {
  const line = state.lines[kind]
  const first = line.findIndex((atMs) => atMs > nowMs)
  return first === -1 ? line.length : first
}

/** The end of the line of this kind and of those before it. */
const lastOf = ({ state }: Bucket, kind: MessageKind): number =>
  Math.max(
    ...MESSAGE_KINDS.filter((other) => RANKS[other] <= RANKS[kind]).map(
      (other) => state.lines[other].at(-1) ?? 0,
    ),
  )

function keptPlaceMs({ pace, state, nowMs }: Bucket, kind: LowerKind): number {
  const own = state.lines[kind].at(-1)
  const afterOwnMs = own === undefined ? 0 : own + keptStepMs(pace, kind)
  const tokenAtMs = tokensAtMs(pace, state.fullAtMs, { nowMs })
  return Math.max(tokenAtMs, state.keptAtMs[kind], afterOwnMs)
}
