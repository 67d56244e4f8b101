import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCidr } from '../domain/ip.ts'
import type { ListName } from '../risk/lists.ts'
import { parseLists, parseListsFolder, parseNetworkList } from './lists-folder.ts'
import { readRulesFiles, readYaml } from './yaml-file.ts'

const parseList = (name: ListName, text: string) => parseLists(readYaml(`${name}.yaml`, text), name)

const SHIPPED = fileURLToPath(new URL('../../rules/lists/', import.meta.url))
const shippedTexts = (): Map<string, string> => {
  const names = ['allow.yaml', 'block.yaml']
  const networks = readdirSync(`${SHIPPED}networks`).map((name) => `networks/${name}`)
  return new Map(
    [...names, ...networks].map((name) => [name, readFileSync(SHIPPED + name, 'utf8')]),
  )
}

test('the lists that are shipped have no mistake, no entries, and know the large clouds', () => {
  const { entries, networks, mistakes } = parseListsFolder(readRulesFiles(shippedTexts()))
  expect(mistakes).toEqual([])
  expect(entries).toEqual([])
  expect(networks.hosting?.asns).toEqual(expect.arrayContaining([14_061, 16_276, 16_509, 24_940]))
  expect(networks.vpn?.asns).toEqual(expect.arrayContaining([9_009, 39_351, 212_238]))
  expect(networks.tor?.asns).toEqual(expect.arrayContaining([60_729]))
})

test('a shipped list names no network twice', () => {
  const { networks } = parseListsFolder(readRulesFiles(shippedTexts()))
  for (const { asns } of Object.values(networks)) expect(new Set(asns).size).toBe(asns.length)
})

test('entries are read in canonical form, with note and expiry', () => {
  const text = `
entries:
  - { kind: phone, value: "+44 7400 123456", note: support, expires: 2027-01-31 }
  - { kind: asn, value: 64500, expires: "2027-01-31T12:00:00+02:00" }
  - { kind: country, value: gb }
`
  const { entries, mistakes } = parseList('block', text)
  expect(mistakes).toEqual([])
  expect(entries).toMatchObject([
    { list: 'block', kind: 'phone', value: '+447400123456', note: 'support', author: 'operator' },
    { kind: 'asn', value: '64500', expiresAtMs: Date.UTC(2027, 0, 31, 10) },
    { kind: 'country', value: 'GB', note: undefined, expiresAtMs: undefined, accountId: undefined },
  ])
  expect(entries[0]?.expiresAtMs).toBe(Date.UTC(2027, 1, 1))
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(3)
})

test('every mistake is named where it stands, and right entries beside it are still read', () => {
  const text = `entries:
  - kind: phone
    value: +447400123456
  - kind: planet
    value: Mars
  - kind: ip
    value: 192.0.2.300
    expires: tomorrow
  - kind: ip
    value: 192.0.2.3
    colour: red
  - kind: country
    value: GB
`
  const { entries, mistakes } = parseList('allow', text)
  expect(mistakes.map(({ line, column }) => [line, column])).toEqual([
    [3, 12],
    [4, 11],
    [7, 12],
    [8, 14],
    [11, 5],
  ])
  expect(mistakes[0]?.message).toContain('in quotes')
  expect(mistakes[4]?.message).toContain('colour')
  expect(mistakes.every((mistake) => mistake.file === 'allow.yaml')).toBe(true)
  expect(entries).toHaveLength(1)
})

test.each([
  ['', 1],
  ['entries: 5', 1],
  ['[]', 1],
  ['entries: [', 1],
  ['entries: []\nentires: []', 2],
  ['entries: []\nentries: []', 2],
])('%j is refused as a whole at line %i', (text, line) => {
  const { entries, mistakes } = parseList('allow', text)
  expect(entries).toEqual([])
  expect(mistakes[0]?.line).toBe(line)
})

test('a list of networks holds systems, addresses and networks, and comments', () => {
  const text =
    '# all\nAS64500 # one\n64501\r\n\n 192.0.2.7\n2001:db8::1/32\nAS64500x\n  10.0.0.0/33 # two\n'
  const { asns, cidrs, mistakes } = parseNetworkList('networks/vpn.txt', text)
  expect(asns).toEqual([64_500, 64_501])
  expect(cidrs.map(formatCidr)).toEqual(['192.0.2.7/32', '2001:db8::/32'])
  expect(mistakes.map(({ line, column }) => [line, column])).toEqual([
    [7, 1],
    [8, 3],
  ])
})

test('files of one kind add up, and a file that is no list is a mistake', () => {
  const texts = new Map([
    ['networks/tor.txt', 'AS64500'],
    ['networks/tor-exits.txt', '192.0.2.1'],
    ['networks/proxies.txt', 'AS64501'],
    ['alow.yaml', 'entries: []'],
  ])
  const { networks, mistakes } = parseListsFolder(readRulesFiles(texts), 'rules/lists')
  expect(networks.tor?.asns).toEqual([64_500])
  expect(networks.tor?.cidrs).toHaveLength(1)
  expect(mistakes.map((mistake) => mistake.file)).toEqual([
    'rules/lists/networks/proxies.txt',
    'rules/lists/alow.yaml',
  ])
})

test('any text is read without throwing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      parseList('allow', text)
      parseList('allow', `entries: ${text}`)
      parseNetworkList('networks/tor.txt', text)
    }),
  )
})
