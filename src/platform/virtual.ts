import type { Log, Platform } from './platform.ts'

/** A clock that only moves when told. */
export type VirtualClock = {
  nowMs(): number
  set(atMs: number): void
  advance(byMs: number): void
}

export function virtualClock(startMs: number): VirtualClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    set: (atMs) => {
      nowMs = atMs
    },
    advance: (byMs) => {
      nowMs += byMs
    },
  }
}

/** Seeded chance: the same seed gives the same numbers on every machine. Not for secrets. */
export type Dice = {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number
  /** Uniform whole number in [0, below). */
  below(below: number): number
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** The sfc32 generator by Chris Doty-Humphrey (public domain, PractRand), its state filled from one 32-bit seed. */
export function seededDice(seed: number): Dice {
  let a = seed >>> 0
  let b = 0x9e3779b9
  let c = 0x243f6a88
  let counter = 1
  const word = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 16; round++) word()
  const next = () => word() / 0x1_0000_0000
  return {
    next,
    below: (below) => Math.floor(next() * below),
    bytes: (length) => {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at += 1) bytes[at] = word()
      return bytes
    },
  }
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** A platform without a wall clock, without chance and without a network: for replays, simulations and tests. */
export function virtualPlatform(parts: {
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly fetch?: typeof fetch
  readonly defer?: Platform['defer']
  readonly log?: Log
}): Platform {
  const { clock, dice } = parts
  return {
    nowMs: clock.nowMs,
    randomBytes: dice.bytes,
    fetch: parts.fetch ?? (() => Promise.reject(new TypeError('there is no network here'))),
    defer: parts.defer ?? (() => {}),
    log: parts.log ?? silent,
  }
}
