import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ListEntryId } from '../domain/ids.ts'
import { cidrContains, parseCidr, parseIp } from '../domain/ip.ts'
import { compileLists, type ListSubject, matchLists } from './list-matcher.ts'
import { parseListValue } from './list-value.ts'
import { LIST_NAMES, type ListEntry, type ListKind, type ListName } from './lists.ts'

const NOW_MS = 1_000
const SUBJECT: ListSubject = {
  atMs: NOW_MS,
  phone: '+447400123456',
  country: 'GB',
  ip: '192.0.2.7',
  asn: 64_500,
  deviceId: 'device-1',
}
const entry = (list: ListName, kind: ListKind, value: string, expiresAtMs?: number): ListEntry => ({
  id: 'LI0' as ListEntryId,
  accountId: undefined,
  list,
  kind,
  value,
  note: undefined,
  author: 'operator',
  createdAtMs: 0,
  expiresAtMs,
})

test.each<[ListKind, string]>([
  ['phone', '+447400123456'],
  ['range', '+44'],
  ['range', '+44740012345'],
  ['ip', '192.0.2.7'],
  ['cidr', '192.0.2.0/24'],
  ['cidr', '0.0.0.0/0'],
  ['asn', '64500'],
  ['country', 'GB'],
  ['device', 'device-1'],
])('a %s entry %s matches and says its kind', (kind, value) => {
  const blocked = compileLists([entry('block', kind, value)]).match(SUBJECT)
  expect(blocked).toEqual({ allowed: undefined, blocked: kind })
  const allowed = compileLists([entry('allow', kind, value)]).match(SUBJECT)
  expect(allowed).toEqual({ allowed: kind, blocked: undefined })
})

test.each<[ListKind, string]>([
  ['phone', '+447400123457'],
  ['phone', '+44740012345'],
  ['range', '+4475'],
  ['range', '+4474001234567'],
  ['ip', '192.0.2.8'],
  ['cidr', '192.0.3.0/24'],
  ['cidr', '::/0'],
  ['asn', '6450'],
  ['country', 'FR'],
  ['device', 'device-2'],
])('a %s entry %s does not match', (kind, value) => {
  const hits = compileLists([entry('block', kind, value)]).match(SUBJECT)
  expect(hits).toEqual({ allowed: undefined, blocked: undefined })
})

test('a request that lacks what a list is about is not on it', () => {
  const kinds = ['ip', 'cidr', 'asn', 'device'] as const
  const values = ['192.0.2.7', '0.0.0.0/0', '64500', 'device-1']
  const matcher = compileLists(
    kinds.map((kind, index) => entry('block', kind, values[index] ?? '')),
  )
  const bare = { ...SUBJECT, ip: undefined, asn: undefined, deviceId: undefined }
  expect(matcher.match(bare).blocked).toBeUndefined()
})

test('an entry holds until it expires and not at that moment', () => {
  for (const [kind, value] of [
    ['phone', SUBJECT.phone],
    ['cidr', '192.0.2.0/24'],
    ['range', '+44'],
  ] as const) {
    const { match } = compileLists([entry('block', kind, value, NOW_MS)])
    expect(match({ ...SUBJECT, atMs: NOW_MS - 1 }).blocked).toBe(kind)
    expect(match(SUBJECT).blocked).toBeUndefined()
  }
})

test('an expired narrow network does not hide the wide one around it', () => {
  const { match } = compileLists([
    entry('block', 'cidr', '192.0.2.0/24', NOW_MS - 1),
    entry('block', 'cidr', '192.0.0.0/16'),
  ])
  expect(match(SUBJECT).blocked).toBe('cidr')
})

test('allow beats block, in one set of lists and between two', () => {
  const allow = entry('allow', 'country', 'GB')
  const block = entry('block', 'phone', SUBJECT.phone)
  expect(compileLists([allow, block]).match(SUBJECT)).toEqual({
    allowed: 'country',
    blocked: undefined,
  })
  expect(matchLists([compileLists([block]), compileLists([allow])], SUBJECT)).toEqual({
    allowed: 'country',
    blocked: undefined,
  })
  expect(matchLists([], SUBJECT)).toEqual({ allowed: undefined, blocked: undefined })
})

test('the narrowest kind that matches is told', () => {
  const values = {
    country: 'GB',
    asn: '64500',
    cidr: '192.0.2.0/24',
    range: '+44',
    ip: '192.0.2.7',
  }
  const kinds = Object.keys(values) as (keyof typeof values)[]
  const told = kinds.map((_, index) =>
    compileLists(kinds.slice(0, index + 1).map((kind) => entry('block', kind, values[kind]))).match(
      SUBJECT,
    ),
  )
  expect(told.map((hit) => hit.blocked)).toEqual(kinds)
})

function matchesOne(kind: ListKind, value: string, subject: ListSubject): boolean {
  if (kind === 'phone') return value === subject.phone
  if (kind === 'range') return subject.phone.startsWith(value)
  const [cidr, address] = [parseCidr(value), parseIp(subject.ip ?? '')]
  return cidr !== undefined && address !== undefined && cidrContains(cidr, address)
}

test('a compiled list says the same as looking at every entry', () => {
  const digits = fc.stringMatching(/^\+44[0-2]{1,4}$/)
  const nets = fc
    .tuple(fc.constantFrom('10.0.0.0', '10.0.1.0', '2001:db8::', '2001:db8:1::'), fc.nat(32))
    .map(([base, length]) => parseListValue('cidr', `${base}/${length}`) ?? '')
  const entries = fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom(...LIST_NAMES), fc.constant('range' as const), digits),
      fc.tuple(fc.constantFrom(...LIST_NAMES), fc.constant('phone' as const), digits),
      fc.tuple(fc.constantFrom(...LIST_NAMES), fc.constant('cidr' as const), nets),
    ),
    { maxLength: 12 },
  )
  const ips = fc.constantFrom('10.0.0.1', '10.0.1.1', '11.0.0.1', '2001:db8::1', '2001:db8:1::1')
  fc.assert(
    fc.property(entries, digits, ips, (rows, phone, ip) => {
      const subject = { ...SUBJECT, phone, ip }
      const isHit = (list: ListName): boolean =>
        rows.some(([name, kind, value]) => name === list && matchesOne(kind, value, subject))
      const hits = compileLists(rows.map(([list, kind, value]) => entry(list, kind, value))).match(
        subject,
      )
      expect(hits.allowed !== undefined).toBe(isHit('allow'))
      expect(hits.blocked !== undefined).toBe(isHit('block') && !isHit('allow'))
    }),
    { numRuns: 1_000 },
  )
})

test.each<[ListKind, string, string | undefined]>([
  ['phone', '+44 7400 123456', '+447400123456'],
  ['phone', '447400123456', undefined],
  ['range', '+44 7700-1', '+4477001'],
  ['range', '4477', undefined],
  ['range', '+0', undefined],
  ['ip', '::FFFF:192.0.2.7', '192.0.2.7'],
  ['ip', '192.0.2.0/24', undefined],
  ['cidr', '192.0.2.7/24', '192.0.2.0/24'],
  ['cidr', '192.0.2.7', undefined],
  ['asn', 'AS64500', '64500'],
  ['asn', '64500', '64500'],
  ['asn', 'AS0', undefined],
  ['asn', '4294967296', undefined],
  ['country', 'gb', 'GB'],
  ['country', '001', '001'],
  ['country', 'ZZ', undefined],
  ['device', ' abc ', 'abc'],
  ['device', '', undefined],
  ['device', 'a\u0000b', undefined],
])('the %s %j is kept as %s', (kind, text, value) => {
  expect(parseListValue(kind, text)).toBe(value)
})
