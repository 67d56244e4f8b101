import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { carrier } from 'libphonenumber-geo-carrier'
import { getCountries, getExampleNumber, PhoneNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  DataFilesError,
  NETWORK_FILE,
  type OpenedData,
  openData,
  PHONE_FILE,
} from '../../config/data-files.ts'
import { parseIp } from '../../domain/ip.ts'
import type { Phone } from '../../domain/phone.ts'
import { buildData } from './build-data.ts'
import { findPackage } from './sources.ts'

let dir: string
let opened: OpenedData
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tollgate-data-'))
  buildData(dir, () => undefined)
  opened = openData(dir)
})
afterAll(() => rmSync(dir, { recursive: true }))

const linesOf = (name: string, file: string): string[] =>
  readFileSync(join(findPackage(name)?.dir ?? '', file), 'utf8')
    .trimEnd()
    .split('\n')

/** Every 97th line of a table, without the names. */
const samplesOf = (name: string, file: string): string[][] =>
  linesOf(name, file)
    .filter((_, index) => index % 97 === 0)
    .map((line) => line.split(',', 3))

const read = (text: string) => {
  const ip = parseIp(text)
  if (ip === undefined) throw new Error(`${text} is no address`)
  return ip
}

test.each(['asn-ipv4.csv', 'asn-ipv6.csv'])(
  'both ends of each range of %s are of its AS',
  (file) => {
    for (const [start = '', end = '', asn] of samplesOf('@ip-location-db/asn', file)) {
      expect([start, opened.networks.asnOf(read(start))]).toEqual([start, Number(asn)])
      expect([end, opened.networks.asnOf(read(end))]).toEqual([end, Number(asn)])
    }
  },
)

test.each(['asn-country-ipv4.csv', 'asn-country-ipv6.csv'])(
  'both ends of each range of %s are of its country',
  (file) => {
    for (const [start = '', end = '', code] of samplesOf('@ip-location-db/asn-country', file)) {
      const country = code === 'ZZ' ? undefined : code
      expect([start, opened.networks.countryOf(read(start))]).toEqual([start, country])
      expect([end, opened.networks.countryOf(read(end))]).toEqual([end, country])
    }
  },
)

test('addresses outside of every range are of nobody', () => {
  for (const text of ['0.0.0.1', '10.0.0.1', '127.0.0.1', '255.255.255.255', '::1', 'fd00::1']) {
    expect(opened.networks.asnOf(read(text))).toBeUndefined()
    expect(opened.networks.countryOf(read(text))).toBeUndefined()
  }
})

test("a number's carrier is the one that the source package itself tells", async () => {
  const numbers = getCountries().flatMap((country) => {
    const example = getExampleNumber(country, examples)
    // More of the plan than the example alone: the digit after the calling code, and those behind it, changed.
    return ['', '1', '3', '57', '699'].flatMap((digits) => {
      const national = `${digits}${example?.nationalNumber.slice(digits.length)}`
      return new PhoneNumber(`+${example?.countryCallingCode}${national}`)
    })
  })
  const told = await Promise.all(numbers.map((number) => carrier(number)))
  const ours = numbers.map((number) => opened.phones.carrierOf(number.number as string as Phone))
  expect(ours).toEqual(told.map((name) => name ?? undefined))
  expect(new Set(told).size).toBeGreaterThan(200)
})

test('exactly the listed numbers are disposable', () => {
  const listed = linesOf('@ip1sms/disposable-phone-numbers', 'number-list.json').flatMap(
    (line) => /"([1-9]\d{6,14})"/.exec(line)?.[1] ?? [],
  )
  const all = new Set(listed)
  for (const number of listed) {
    const next = String(Number(number) + 1)
    expect(opened.phones.isDisposable(`+${number}` as Phone)).toBe(true)
    expect(opened.phones.isDisposable(`+${next}` as Phone)).toBe(all.has(next))
  }
})

test('a second build leaves files that are up to date alone, and repairs one that is not', () => {
  const said: string[] = []
  const modified = () => [NETWORK_FILE, PHONE_FILE].map((file) => statSync(join(dir, file)).mtimeMs)
  const before = modified()
  buildData(dir, (line) => said.push(line))
  expect(modified()).toEqual(before)
  expect(said.every((line) => line.endsWith('is up to date.'))).toBe(true)
  writeFileSync(join(dir, PHONE_FILE), 'not a data file')
  expect(() => openData(dir)).toThrow(DataFilesError)
  buildData(dir, (line) => said.push(line))
  expect(openData(dir).phones.carrierOf('+8613012345678' as Phone)).toBe('China Unicom')
  expect(readdirSync(dir).sort()).toEqual([NETWORK_FILE, PHONE_FILE])
})

test('a missing file is one line that says what to run', () => {
  expect(() => openData(join(dir, 'nowhere'))).toThrow(/^[^\n]*is missing[^\n]*npm run data$/)
})
