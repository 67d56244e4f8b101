import { parseCidr, parseIp } from '../domain/ip.ts'
import { type CidrSet, cidrSet } from './cidr-set.ts'
import type { ListEntry, ListKind, ListName } from './lists.ts'
import type { ListHits } from './signals.ts'

/** What lists are matched against. */
export type ListSubject = {
  readonly atMs: number
  readonly phone: string
  readonly country: string
  readonly ip: string | undefined
  readonly asn: number | undefined
  readonly deviceId: string | undefined
}

/** Lists, compiled once and asked on every request. Its cost does not grow with the number of entries. */
export type ListMatcher = { readonly match: (subject: ListSubject) => ListHits }

type Side = {
  readonly untilByValue: Record<ListKind, Map<string, number>>
  readonly cidrs: CidrSet
  /** Kinds that are present, in the order in which they are asked. */
  kinds: readonly ListKind[]
  /** Lengths of ranges that are present, longest first. */
  readonly rangeLengths: number[]
}

/** Asked in this order: the narrowest kind that matches is the one that is told. */
const NARROW_FIRST: readonly ListKind[] = [
  'phone',
  'device',
  'ip',
  'range',
  'cidr',
  'asn',
  'country',
]

export function compileLists(entries: Iterable<ListEntry>): ListMatcher {
  const sides: Record<ListName, Side> = { allow: emptySide(), block: emptySide() }
  for (const entry of entries) addEntry(sides[entry.list], entry)
  for (const side of [sides.allow, sides.block]) {
    side.kinds = NARROW_FIRST.filter((kind) => side.untilByValue[kind].size > 0)
    side.rangeLengths.sort((a, b) => b - a)
  }
  return {
    match: (subject) => {
      const allowed = kindOfMatch(sides.allow, subject)
      // Allow beats block, within one set of lists and between several.
      const blocked = allowed === undefined ? kindOfMatch(sides.block, subject) : undefined
      return { allowed, blocked }
    },
  }
}

/** Several sets of lists as one, e.g. the operator's and the account's. */
export function matchLists(matchers: readonly ListMatcher[], subject: ListSubject): ListHits {
  let allowed: ListHits['allowed']
  let blocked: ListHits['blocked']
  for (const matcher of matchers) {
    const hit = matcher.match(subject)
    allowed ??= hit.allowed
    blocked ??= hit.blocked
  }
  return { allowed, blocked: allowed === undefined ? blocked : undefined }
}

const emptySide = (): Side => ({
  untilByValue: {
    phone: new Map(),
    range: new Map(),
    ip: new Map(),
    cidr: new Map(),
    asn: new Map(),
    country: new Map(),
    device: new Map(),
  },
  cidrs: cidrSet(),
  kinds: [],
  rangeLengths: [],
})

function addEntry(side: Side, entry: ListEntry): void {
  const untilMs = entry.expiresAtMs ?? Number.POSITIVE_INFINITY
  const known = side.untilByValue[entry.kind]
  known.set(entry.value, Math.max(untilMs, known.get(entry.value) ?? 0))
  if (entry.kind === 'cidr') {
    const cidr = parseCidr(entry.value)
    if (cidr !== undefined) side.cidrs.add(cidr, untilMs)
  }
  if (entry.kind === 'range' && !side.rangeLengths.includes(entry.value.length)) {
    side.rangeLengths.push(entry.value.length)
  }
}

const kindOfMatch = (side: Side, subject: ListSubject): ListKind | undefined =>
  side.kinds.find((kind) => isNamed(side, kind, subject))

function isNamed(side: Side, kind: ListKind, subject: ListSubject): boolean {
  const { atMs, phone, ip } = subject
  const known = side.untilByValue[kind]
  const holds = (value: string | undefined): boolean =>
    value !== undefined && (known.get(value) ?? 0) > atMs
  switch (kind) {
    case 'phone':
      return holds(phone)
    case 'range':
      return side.rangeLengths.some((length) => holds(phone.slice(0, length)))
    case 'ip':
      return holds(ip)
    case 'cidr': {
      const address = ip === undefined ? undefined : parseIp(ip)
      return address !== undefined && side.cidrs.has(address, atMs)
    }
    case 'asn':
      return holds(subject.asn?.toString())
    case 'country':
      return holds(subject.country)
    case 'device':
      return holds(subject.deviceId)
  }
}
