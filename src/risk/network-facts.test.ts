import { expect, test } from 'vitest'
import { parseCidr } from '../domain/ip.ts'
import { networkFacts } from './network-facts.ts'
import type { NetworkIndex } from './network-index.ts'
import { networkData } from './network-kinds.ts'

const cidr = (text: string) => {
  const parsed = parseCidr(text)
  if (parsed === undefined) throw new Error(`${text} is no network`)
  return parsed
}
const INDEX: NetworkIndex = { asnOf: () => 64_500, countryOf: () => 'FR' }
const LISTS = {
  hosting: { asns: [64_500], cidrs: [cidr('192.0.2.0/24')] },
  vpn: { asns: [64_501], cidrs: [cidr('2001:db8::/32')] },
}
const DATA = networkData(LISTS, INDEX)
const WITHOUT_INDEX = networkData(LISTS)

test('an address is located, canonical, and cut to what it is counted by', () => {
  expect(networkFacts({ ip: '::ffff:198.51.100.7', network: undefined }, DATA)).toEqual({
    ip: '198.51.100.7',
    address: '198.51.100.7',
    net: '198.51.100.0/24',
    country: 'FR',
    asn: 64_500,
    hosting: true,
    vpn: false,
    tor: undefined,
  })
})

test('what the caller says of the network comes before what we look up, member by member', () => {
  const ip = '198.51.100.7'
  const told = { country: 'gb', asn: 64_501 }
  expect(networkFacts({ ip, network: told }, DATA)).toMatchObject({
    country: 'GB',
    asn: 64_501,
    hosting: false,
    vpn: true,
  })
  expect(networkFacts({ ip, network: { country: 'GB' } }, DATA)).toMatchObject({
    country: 'GB',
    asn: 64_500,
  })
})

test('without the data file nothing is looked up, and the lists still know addresses', () => {
  expect(networkFacts({ ip: '192.0.2.9', network: undefined }, WITHOUT_INDEX)).toMatchObject({
    country: undefined,
    asn: undefined,
    hosting: true,
    vpn: undefined,
  })
  expect(networkFacts({ ip: '2001:db8::9', network: undefined }, WITHOUT_INDEX).vpn).toBe(true)
})

test.each([undefined, '', 'nonsense', 'fe80::1%eth0'])('%j is no address and no fact', (ip) => {
  expect(networkFacts({ ip, network: undefined }, DATA)).toEqual({
    ip: undefined,
    address: undefined,
    net: undefined,
    country: undefined,
    asn: undefined,
    hosting: undefined,
    vpn: undefined,
    tor: undefined,
  })
})

test('a server-side call may still name the network', () => {
  const facts = networkFacts({ ip: undefined, network: { country: 'GB', asn: 64_500 } }, DATA)
  expect(facts).toMatchObject({ ip: undefined, country: 'GB', asn: 64_500, hosting: true })
})

test('only a list of addresses can say that an address is no Tor exit', () => {
  const byName = networkData({ tor: { asns: [64_502], cidrs: [] } })
  expect(byName.kindOf('198.51.100.7', 64_502).tor).toBe(true)
  expect(byName.kindOf('198.51.100.7', 64_500).tor).toBeUndefined()
  const byAddress = networkData({ tor: { asns: [], cidrs: [cidr('192.0.2.1/32')] } })
  expect(byAddress.kindOf('192.0.2.1', 64_500).tor).toBe(true)
  expect(byAddress.kindOf('198.51.100.7', 64_500).tor).toBe(false)
})
