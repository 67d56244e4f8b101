/**
 * Repeatable chance for training and simulation; never for secrets. xoshiro128** (Blackman and Vigna, 2018), seeded
 * through splitmix-style mixing, so that neighbouring seeds give unrelated streams.
 */
export type SeededRandom = {
  /** Uniform in [0, 1), 32 bits. */
  unit(): number
  /** Uniform integer in [0, bound); `bound` is at least 1. */
  below(bound: number): number
}

/** The same seeds in the same order give the same stream on every machine. */
export function seededRandom(...seeds: readonly (number | string)[]): SeededRandom {
  let mixed = 0x9e3779b9
  for (const seed of seeds) mixed = absorb(mixed, seed)
  let a = scramble(mixed + 0x6a09e667)
  let b = scramble(mixed + 0xbb67ae85)
  let c = scramble(mixed + 0x3c6ef372)
  let d = scramble(mixed + 0xa54ff53a) | 1

  function unit(): number {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return (result >>> 0) / 4294967296
  }
  return { unit, below: (bound) => Math.floor(unit() * bound) }
}

function absorb(state: number, seed: number | string): number {
  if (typeof seed === 'string') {
    let next = scramble(state ^ seed.length)
    for (let index = 0; index < seed.length; index++) {
      next = scramble(next ^ seed.charCodeAt(index))
    }
    return next
  }
  // A double carries more than 32 bits: epochs and large seeds would collide if only the low word counted.
  const high = Math.floor(seed / 4294967296)
  return scramble(scramble(state ^ (seed | 0)) ^ (high | 0) ^ fractionBits(seed))
}

function fractionBits(seed: number): number {
  return Number.isInteger(seed) ? 0 : Math.floor((seed % 1) * 4294967296) | 0
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
function scramble(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
