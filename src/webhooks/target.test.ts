import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAllowedAddress, targetMistake } from './target.ts'

test.each([
  'https://example.com/hook',
  'https://hooks.example.com:8443/a?token=b#c',
  'https://93.184.216.34/hook',
  'https://[2606:4700::1111]/hook',
  'https://EXAMPLE.com./',
])('%s may be a target', (url) => {
  expect(targetMistake(url, 'public')).toBeUndefined()
})

test.each([
  ['nothing', 'must be a URL'],
  ['//example.com', 'must be a URL'],
  ['http://example.com', 'must be https'],
  ['ftp://example.com', 'must be https'],
  ['javascript:alert(1)', 'must be https'],
  ['https://user@example.com', 'must not hold credentials'],
  ['https://:secret@example.com', 'must not hold credentials'],
  ['https://example.com:22', 'must have port 443, or one above 1023'],
  ['https://localhost', 'must be a public host name'],
  ['https://localhost.', 'must be a public host name'],
  ['https://a.LocalHost:8443', 'must be a public host name'],
  ['https://intranet', 'must be a public host name'],
  ['https://printer.local', 'must be a public host name'],
  ['https://metadata.google.internal', 'must be a public host name'],
  ['https://router.home.arpa', 'must be a public host name'],
  ['https://169.254.169.254/latest/meta-data', 'must not be a private address'],
  ['https://168.63.129.16', 'must not be a private address'],
  ['https://100.100.100.200', 'must not be a private address'],
  ['https://0/', 'must not be a private address'],
  ['https://127.1', 'must not be a private address'],
  ['https://255.255.255.255', 'must not be a private address'],
  ['https://239.1.2.3', 'must not be a private address'],
  ['https://[::1]', 'must not be a private address'],
  ['https://[::]', 'must not be a private address'],
  ['https://[fd00:ec2::254]', 'must not be a private address'],
  ['https://[fe80::1]', 'must not be a private address'],
  ['https://[ff02::1]', 'must not be a private address'],
  ['https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]', 'must not be a private address'],
])('%s may not: it %s', (url, mistake) => {
  expect(targetMistake(url, 'public')).toBe(mistake)
})

test('for development any http or https target goes, but none with credentials', () => {
  expect(targetMistake('http://127.0.0.1:80/hook', 'any')).toBeUndefined()
  expect(targetMistake('http://localhost/hook', 'any')).toBeUndefined()
  expect(targetMistake('http://a:b@localhost/', 'any')).toBe('must not hold credentials')
  expect(targetMistake('file:///etc/passwd', 'any')).toBe('must be http or https')
})

const PRIVATE_NETS = [
  [10, 8],
  [0x7f, 8],
  [0xa9fe, 16],
  [0xc0a8, 16],
  [0xac1, 12],
  [0x191, 10],
  [0xe, 4],
] as const
/** An address in one of the networks, as an unsigned number. */
const privateV4 = fc
  .tuple(fc.constantFrom(...PRIVATE_NETS), fc.nat(0xffff_ffff))
  .map(([[net, bits], host]) => net * 2 ** (32 - bits) + (host % 2 ** (32 - bits)))

const octets = (v4: number) => [v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255]
const groups = (v4: number) => `${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`
const DISGUISES: readonly ((v4: number) => string)[] = [
  (v4) => octets(v4).join('.'),
  (v4) => String(v4),
  (v4) => `0x${v4.toString(16)}`,
  (v4) => `0${v4.toString(8)}`,
  (v4) =>
    octets(v4)
      .map((octet) => `0x${octet.toString(16)}`)
      .join('.'),
  (v4) =>
    octets(v4)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  (v4) => `${octets(v4).join('.')}.`,
  (v4) => `[::ffff:${groups(v4)}]`,
  (v4) => `[::ffff:${octets(v4).join('.')}]`,
  (v4) => `[::${groups(v4)}]`,
  (v4) => `[64:ff9b::${groups(v4)}]`,
  (v4) => `[64:ff9b:1::${groups(v4)}]`,
  (v4) => `[2002:${groups(v4)}::1]`,
]

test('a private address is refused in every disguise that a URL allows', () => {
  fc.assert(
    fc.property(privateV4, fc.constantFrom(...DISGUISES), (v4, disguise) => {
      expect(targetMistake(`https://${disguise(v4)}/`, 'public')).toBe(
        'must not be a private address',
      )
    }),
    { numRuns: 2_000 },
  )
})

test('an address of a network that NAT64 translates is judged by where it leads', () => {
  expect(isAllowedAddress('64:ff9b::5db8:d822', 'public')).toBe(true)
  expect(isAllowedAddress('64:ff9b::7f00:1', 'public')).toBe(false)
})

test('what cannot be read as an address may not be connected to', () => {
  for (const text of ['', 'fe80::1%eth0', '1.2.3', 'example.com']) {
    expect(isAllowedAddress(text, 'public')).toBe(false)
  }
})
