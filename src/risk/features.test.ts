import { expect, test } from 'vitest'
import { signalsOf, velocityOf } from '../../test/golden/rule-requests.ts'
import { CATALOGUE_ID, FEATURES, MODEL_FEATURES } from './feature-catalogue.ts'
import { wholeRecord } from './feature-record.ts'
import { toFeatures } from './features.ts'

const features = toFeatures(signalsOf({}), velocityOf({}))
const read = (from: typeof features, name: string): unknown => {
  const [group = '', field = ''] = name.split('.')
  return Reflect.get(from.context()[group] ?? {}, field)
}

test('names are unique and have two parts', () => {
  const names = FEATURES.map((feature) => feature.name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
})

test('the model reads numbers and flags only, and its catalogue has a short id', () => {
  const model = FEATURES.filter((feature) => feature.model)
  expect(model.map((feature) => feature.name)).toEqual(MODEL_FEATURES)
  expect(model.every((feature) => feature.type !== 'string')).toBe(true)
  expect(CATALOGUE_ID).toMatch(/^[0-9a-f]{12}$/)
})

test('vector, context and record agree about every feature', () => {
  const record = wholeRecord(features.record())
  const at = new Map(MODEL_FEATURES.map((name, index) => [name, index]))
  for (const { name, unknown, model } of FEATURES) {
    const known = record[name]
    if (known === undefined) expect(read(features, name)).toBe(unknown)
    else if (typeof known === 'number') expect(read(features, name)).toBeCloseTo(known, 3)
    else expect(read(features, name)).toBe(known)
    if (model) expect(features.vector[at.get(name) ?? -1]).toBeCloseTo(Number(known ?? -1), 3)
  }
})

test('every feature has the type of the catalogue', () => {
  const types = { double: 'number', string: 'string', bool: 'boolean' }
  for (const { name, type, unknown } of FEATURES) {
    expect(typeof read(features, name)).toBe(types[type])
    expect(typeof unknown).toBe(types[type])
  }
})

test('what nobody knows is absent from the record and -1 for the model', () => {
  const blind = toFeatures(signalsOf({ network: { country: undefined } }), undefined)
  expect(wholeRecord(blind.record())).not.toHaveProperty(['phone.asks_1h'])
  expect(wholeRecord(blind.record())).not.toHaveProperty(['network.country_matches_number'])
  expect(blind.vector[MODEL_FEATURES.indexOf('phone.asks_1h')]).toBe(-1)
  expect(read(blind, 'counters.missing')).toBe(true)
  expect(read(blind, 'network.country_matches_number')).toBe(true)
})

test('a record names neither the number nor the address nor the device', () => {
  const text = JSON.stringify(features.record())
  for (const secret of ['4915123456789', '203.0.113', 'device-1', 'chrome-android-de'])
    expect(text).not.toContain(secret)
})

test('the same request gives the same features', () => {
  const again = toFeatures(signalsOf({}), velocityOf({}))
  expect([...again.vector]).toEqual([...features.vector])
  expect(again.record()).toEqual(features.record())
})

test('counts of the account are compared with its own past, destinations with all but their own day', () => {
  const counts = {
    account: { unverified_24h: 900, verified_24h: 100, unverified_7d: 1200, verified_7d: 800 },
    country: { unverified_24h: 900, verified_24h: 100 },
  }
  const given = toFeatures(signalsOf({}), velocityOf({ counts }))
  expect(read(given, 'account.usual_unverified_share')).toBeCloseTo(0.3, 2)
  expect(read(given, 'country.surplus_24h')).toBeCloseTo(0.85, 2)
})
