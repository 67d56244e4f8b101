import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addressOf,
  type Cidr,
  canonicalIp,
  cidrContains,
  cidrOf,
  formatCidr,
  formatIp,
  type Ip,
  isPublicIp,
  isSameNet,
  netOf,
  parseCidr,
  parseIp,
} from './ip.ts'

const read = (text: string): Ip => {
  const ip = parseIp(text)
  if (ip === undefined) throw new Error(`${text} is no address`)
  return ip
}
const readCidr = (text: string): Cidr => {
  const cidr = parseCidr(text)
  if (cidr === undefined) throw new Error(`${text} is no network`)
  return cidr
}
const bigOf = (ip: Ip): bigint => ip.words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0db8::0001', '2001:db8::1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalIp(text)).toBe(canonical)
})

test.each([
  '',
  ' 192.0.2.7',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.07',
  '010.1.1.1',
  '1.2.3.4.5',
  '1.2.3.',
  '0x7f.1',
  '3232235777',
  'fe80::1%eth0',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  'g::1',
  ':1:2:3:4:5:6:7',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '[::1]',
  '192.0.2.7/32',
  '١.٢.٣.٤',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeUndefined()
})

test('any text is read without throwing, and what is read is read the same again', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,50}$/)),
      (text) => {
        const canonical = canonicalIp(text)
        if (canonical === undefined) return
        expect(canonicalIp(canonical)).toBe(canonical)
        expect(read(canonical)).toEqual(read(text))
      },
    ),
    { numRuns: 3_000 },
  )
})

test('every address that fast-check can write is one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      expect(parseIp(text)).toBeDefined()
    }),
    { numRuns: 3_000 },
  )
})

const addresses = fc.oneof(fc.ipV4(), fc.ipV6()).map(read)

test('a network holds an address exactly when their leading bits are equal', () => {
  fc.assert(
    fc.property(addresses, addresses, fc.nat(128), (base, other, length) => {
      const cidr = cidrOf(base, base.version === 4 ? length % 33 : length)
      const hostBits = BigInt(128 - cidr.bits)
      const isSame = bigOf(base) >> hostBits === bigOf(other) >> hostBits
      expect(cidrContains(cidr, other)).toBe(base.version === other.version && isSame)
      expect(cidrContains(cidr, base)).toBe(true)
      expect(bigOf(cidr)).toBe((bigOf(base) >> hostBits) << hostBits)
      expect(readCidr(formatCidr(cidr))).toEqual(cidr)
    }),
    { numRuns: 3_000 },
  )
})

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['192.0.2.7/32', '192.0.2.7/32'],
  ['2001:db8:1:2::5/48', '2001:db8:1::/48'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
])('the network %s is written %s', (text, canonical) => {
  expect(formatCidr(readCidr(text))).toBe(canonical)
})

test.each([
  '192.0.2.0',
  '192.0.2.0/',
  '192.0.2.0/33',
  '192.0.2.0/-1',
  '192.0.2.0/08',
  '::/129',
  '::ffff:192.0.2.7/90',
  '/8',
  'x/8',
])('%j is no network', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})

test('the whole of v6 holds no v4 address', () => {
  expect(cidrContains(readCidr('::/0'), read('192.0.2.7'))).toBe(false)
})

test.each([
  ['192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
])('%s is counted as %s and %s', (text, address, net) => {
  expect(addressOf(read(text))).toBe(address)
  expect(netOf(read(text))).toBe(net)
})

test('two addresses are of one neighbourhood when its name is the same', () => {
  const text = fc.oneof(
    fc.nat(0xffff).map((tail) => `198.51.${(tail >> 8) & 3}.${tail & 255}`),
    fc.nat(0xffff).map((tail) => `2001:db8:${(tail >> 8) & 3}::${(tail & 255).toString(16)}`),
  )
  fc.assert(
    fc.property(text.map(read), text.map(read), (one, other) => {
      expect(isSameNet(one, other)).toBe(netOf(one) === netOf(other))
    }),
  )
})

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['100.63.255.255', true],
  ['172.32.0.1', true],
  ['10.0.0.1', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['::ffff:127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['203.0.113.9', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['2001:db8::1', false],
  ['ff02::1', false],
])('%s is public: %s', (text, isPublic) => {
  expect(isPublicIp(read(text))).toBe(isPublic)
})

test('an address is written in the words it was read from', () => {
  expect(formatIp(read('2001:db8::'))).toBe('2001:db8::')
})
