import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIp } from '../domain/ip.ts'
import { openPack, packSections } from './data-pack.ts'
import { codeOfCountry, networkIndex } from './network-index.ts'

const GB = codeOfCountry('GB') ?? 0
const FR = codeOfCountry('FR') ?? 0
const V6 = 0x2001_0db8

function openSample() {
  const bytes = packSections(
    {},
    {
      asn4: Uint32Array.of(0x0a00_0000, 0x0a01_0000, 0x0b00_0000),
      asn4_value: Uint32Array.of(4_200_000_001, 0, 65_000),
      asn6: Uint32Array.of(V6, 0, 0, 0, V6, 1, 0, 0, V6, 1, 0, 5),
      asn6_value: Uint32Array.of(1, 2, 3),
      country4: Uint32Array.of(0x0a00_0000),
      country4_value: Uint16Array.of(GB),
      country6: Uint32Array.of(V6, 0, 0, 0),
      country6_value: Uint16Array.of(FR),
    },
  )
  const pack = openPack(bytes.buffer)
  if (pack === undefined) throw new Error('the sample does not open')
  return networkIndex(pack)
}

test.each([
  ['10.0.0.0', 4_200_000_001, 'GB'],
  ['10.0.255.255', 4_200_000_001, 'GB'],
  ['10.1.0.0', undefined, 'GB'],
  ['11.0.0.0', 65_000, 'GB'],
  ['255.255.255.255', 65_000, 'GB'],
  ['9.255.255.255', undefined, undefined],
  ['0.0.0.0', undefined, undefined],
  ['2001:db8::', 1, 'FR'],
  ['2001:db8:0:0:ffff::', 1, 'FR'],
  ['2001:db8:0:1::', 2, 'FR'],
  ['2001:db8:0:1::4', 2, 'FR'],
  ['2001:db8:0:1::5', 3, 'FR'],
  ['2001:db7:ffff::', undefined, undefined],
])('%s is of AS %s and %s', (text, asn, country) => {
  const index = openSample()
  const ip = parseIp(text)
  if (ip === undefined) throw new Error(`${text} is no address`)
  expect(index.asnOf(ip)).toBe(asn)
  expect(index.countryOf(ip)).toBe(country)
})

test('a file without a table knows nothing of it', () => {
  const pack = openPack(packSections({}, {}).buffer)
  const ip = parseIp('10.0.0.1')
  if (pack === undefined || ip === undefined) throw new Error('the sample does not open')
  expect(networkIndex(pack).asnOf(ip)).toBeUndefined()
  expect(networkIndex(pack).countryOf(ip)).toBeUndefined()
})

test('what is packed comes out again, whatever its length', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.float64Array(), fc.uint16Array(), (bytes, floats, words) => {
      const pack = openPack(packSections({ a: '1' }, { bytes, floats, words }).buffer)
      expect(pack?.sources).toEqual({ a: '1' })
      expect(pack?.u8('bytes')).toEqual(new Uint8Array(bytes))
      expect(pack?.f64('floats')).toEqual(new Float64Array(floats))
      expect(pack?.u16('words')).toEqual(new Uint16Array(words))
    }),
  )
})

test('bytes that are no data file, or not all of one, do not open', () => {
  const whole = packSections({}, { numbers: Float64Array.of(1, 2, 3) })
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(openPack(whole.slice(0, length).buffer)).toBeUndefined()
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(openPack(new Uint8Array(bytes).buffer)).toBeUndefined()
    }),
  )
})
