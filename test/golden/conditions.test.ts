import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { FEATURES } from '../../src/risk/feature-catalogue.ts'
import type { FeatureValue } from '../../src/risk/feature-facts.ts'
import { valuesFrom } from '../../src/risk/feature-values.ts'
import { featuresOf } from '../../src/risk/features.ts'
import { openCondition } from '../../src/risk/portable-condition.ts'
import { compileCondition, portableCondition } from '../../src/risk/rule-environment.ts'
import { makeSieve } from '../../src/risk/rule-sieve.ts'

const POLICY = readFileSync(new URL('../../rules/policy.yaml', import.meta.url), 'utf8')
const shipped: readonly string[] = parse(POLICY).rules.map((rule: { when: string }) => rule.when)
/** What the shipped rules do not use. */
const others = [
  'phone.asks_1h != 2',
  'phone.gap_ms != 0 || phone.gap_ms < phone.asks_1h',
  'number.mobile == request.voice && number.valid != network.tor',
  'number.country == "GB" || number.country != network.country',
  'request.purpose in ["login", ""] ? phone.asks_1h > 1.0 : phone.asks_1h <= 1',
  '(request.voice ? 2.5 : phone.asks_1h) >= 2',
  '2 * phone.asks_1h - 1 == 5.0 && phone.asks_24h / 2.0 + 1 > phone.asks_1h',
  '7 / 2 == 3 && phone.asks_1h > 0',
  '!(phone.asks_1h > 1 && phone.asks_1h < 3)',
]

const VALUES: Record<string, fc.Arbitrary<FeatureValue | undefined>> = {
  bool: fc.constantFrom(true, false, undefined),
  double: fc.oneof(
    fc.constantFrom(undefined, -1, 0, 1, 2, 3),
    fc.double({ min: -2, max: 40, noNaN: true }),
  ),
  string: fc.constantFrom('', 'GB', 'LK', 'login', 'toll_free', undefined),
}
const requests = fc
  .tuple(...FEATURES.map(({ type }) => VALUES[type] as fc.Arbitrary<FeatureValue | undefined>))
  .map((values) => {
    const known = new Map(FEATURES.map(({ name }, place) => [name, values[place]]))
    return featuresOf(valuesFrom((name) => known.get(name)))
  })

function compiledFrom(text: string) {
  const compiled = compileCondition(text)
  if (compiled.kind === 'wrong') throw new Error(`${text}: ${JSON.stringify(compiled.faults)}`)
  return compiled
}

// A call of a function is left to the interpreter, and all that stands beside it in one `||`.
const both = [...shipped, ...others].map((text) => ({
  text,
  ...compiledFrom(text),
  interpreted: compiledFrom(`(${text}) || "a".startsWith("b")`).condition,
}))

test('every condition comes to what the CEL interpreter makes of it', () => {
  fc.assert(
    fc.property(requests, (features) => {
      for (const { text, condition, interpreted } of both)
        expect([text, condition(features)]).toEqual([text, interpreted(features)])
    }),
    { numRuns: 200 },
  )
})

test('the sieve lets through every condition that holds, and none that has a test that fails', () => {
  const sieve = makeSieve(both.map(({ tests }) => tests))
  fc.assert(
    fc.property(requests, (features) => {
      both.forEach(({ text, tests, condition }, place) => {
        const passes = sieve(place, features.values)
        if (condition(features)) expect([text, passes]).toEqual([text, true])
        else if (tests.length === text.split(/&&|\|\|/).length) expect(passes).toBe(false)
      })
    }),
    { numRuns: 200 },
  )
})

function openedFrom(text: string) {
  const opened = openCondition(portableCondition(text) ?? '')
  if (opened.kind === 'wrong') throw new Error(`${text}: ${JSON.stringify(opened.faults)}`)
  return opened
}

const portable = both.filter(({ text }) => portableCondition(text) !== undefined)

test('every shipped condition can be parsed while building', () => {
  expect(portable.map(({ text }) => text)).toEqual(expect.arrayContaining([...shipped]))
  expect(portable.length).toBeLessThan(both.length)
})

test('a condition that was parsed while building comes to the same', () => {
  const pairs = portable.map((each) => ({ ...each, opened: openedFrom(each.text) }))
  for (const { opened, tests, comparisons } of pairs)
    expect(opened).toMatchObject({ tests, comparisons })
  fc.assert(
    fc.property(requests, (features) => {
      for (const { text, condition, opened } of pairs)
        expect([text, opened.condition(features)]).toEqual([text, condition(features)])
    }),
    { numRuns: 200 },
  )
})

test.each(['', '{}', '[1]', '{"op":"call","args":["f",[]]}', 'phone.asks_1h > 1'])(
  'what is no parsed condition is refused: %s',
  (text) => {
    expect(openCondition(text).kind).toBe('wrong')
  },
)
