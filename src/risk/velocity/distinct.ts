import type { SubjectKind } from '../../domain/subjects.ts'
import type { Ask } from '../velocity.ts'

export const DISTINCT_NAMES = ['phones', 'ips', 'countries', 'accounts'] as const
export type DistinctName = (typeof DISTINCT_NAMES)[number]

/** What is worth telling apart for each kind; the other distinct counts of a tally stay 0. At most three of each. */
export const DISTINCT_OF: Readonly<Record<SubjectKind, readonly DistinctName[]>> = {
  phone: ['ips'],
  phone_any: ['ips', 'accounts'],
  ip: ['phones', 'countries'],
  net: ['phones', 'ips', 'countries'],
  device: ['phones', 'ips', 'countries'],
  client: ['phones', 'ips', 'countries'],
  range2: ['phones', 'ips'],
  range3: ['phones', 'ips'],
  range4: ['phones', 'ips'],
  carrier: ['phones', 'ips'],
  country: ['phones', 'ips'],
  asn: ['phones', 'ips', 'countries'],
  account: ['phones', 'ips', 'countries'],
}

/**
 * Distinct counting by adaptive sampling (M. Wegman; P. Flajolet, "On adaptive sampling", Computing 43, 1990), with an hour
 * beside each member so that it is forgotten in time. While a set is not full every member is kept and the count is exact.
 * A full set raises its level: from then on it keeps only hashes that end in `level` zero bits, and each member
 * stands for 2^level others, as of the level at which it was last seen. The standard error is about 1.2 / sqrt(SET_MAX).
 */
export const SET_MAX = 127
export const LEVEL_MAX = 24
/** A sampled set with fewer live members than this samples less. */
const RELAX_BELOW = SET_MAX / 4
/** Members live 24 hours back from the hour of the request, that hour included. */
export const MEMBER_HOURS = 24
/** A member is stored as one number: its hour times this, plus its level. */
export const HOUR_UNIT = 32

export const isSampled = (hash: number, level: number): boolean => (hash & ((1 << level) - 1)) === 0

/** The level of a set after a request that found `live` members in it. */
export const relaxed = (level: number, live: number): number =>
  level > 0 && live < RELAX_BELOW ? level - 1 : level

export type MemberHashes = Readonly<Record<DistinctName, number | undefined>>

/** The four things that subjects learn from a request; hashed once for all of them. */
export function memberHashes({ subjects, country }: Ask): MemberHashes {
  return {
    phones: hashOf(subjects.phone ?? subjects.phone_any),
    ips: hashOf(subjects.ip),
    countries: hashOf(country === '' ? undefined : country),
    accounts: hashOf(subjects.account),
  }
}

const hashOf = (key: string | undefined): number | undefined =>
  key === undefined ? undefined : hash32(key)

/**
 * A signed 32-bit hash: FNV-1a over UTF-16 units, then MurmurHash3's finalizer, which sampling needs for its low bits.
 * Without a seed, so that every process agrees; keys of people are keyed hashes before they get here.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return scramble(hash)
}

/** MurmurHash3's 32-bit finalizer: every input bit changes half of the output bits. */
export function scramble(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) | 0
}
