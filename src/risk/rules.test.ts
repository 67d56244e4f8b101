import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signalsOf, velocityOf } from '../../test/golden/rule-requests.ts'
import { toFeatures } from './features.ts'
import { compileCondition } from './rule-environment.ts'
import { compilePolicy, evaluateRules, policySchema } from './rules.ts'

const features = toFeatures(
  signalsOf({ client: { language: 'de' } }),
  velocityOf({ counts: { phone: { asks_1h: 6 }, ip: { asks_1h: 2 } } }),
)

function ruleSet(...rules: object[]) {
  const policy = policySchema.parse({
    version: '1',
    rules: rules.map((rule, index) => ({
      id: `rule-${index}`,
      why: 'A reason.',
      action: 'block',
      ...rule,
    })),
  })
  const compiled = compilePolicy(policy, compileCondition)
  if (compiled.kind === 'wrong') throw new Error(JSON.stringify(compiled.faults))
  return compiled.ruleSet
}
const REQUEST = { serviceId: 'VA1', channel: 'sms', purpose: 'login' } as const
const hits = (...rules: object[]) =>
  evaluateRules(ruleSet(...rules), features, REQUEST).hits.map((hit) => hit.ruleId)
const faults = (condition: string) => {
  const compiled = compileCondition(condition)
  return compiled.kind === 'wrong' ? compiled.faults : []
}
const holds = (condition: string) => {
  const compiled = compileCondition(condition)
  if (compiled.kind === 'wrong') throw new Error(JSON.stringify(compiled.faults))
  return compiled.condition(features)
}

test('hits come in the order of the file', () => {
  expect(
    hits({ when: 'phone.asks_1h > 5' }, { when: 'phone.asks_1h > 6' }, { when: 'number.mobile' }),
  ).toEqual(['rule-0', 'rule-2'])
})

test('whole numbers mix with features in every operation', () => {
  expect(holds('phone.asks_1h == 6 && 2 * phone.asks_1h == 12.0 && phone.asks_1h / 4 > 1')).toBe(
    true,
  )
  expect(holds('phone.asks_1h - 1 == 5.0 && 10 - phone.asks_1h < 5 && phone.asks_1h != 7')).toBe(
    true,
  )
})

test('words, lists and negation work as CEL says', () => {
  expect(holds('number.country in ["DE", "AT"] && !network.tor')).toBe(true)
  expect(holds('number.country == "AT" || client.language.startsWith("d")')).toBe(true)
  expect(holds('!number.mobile')).toBe(false)
})

test('a rule that is off never runs, and one in shadow is marked', () => {
  const set = ruleSet({ when: 'true', mode: 'off' }, { when: 'true', mode: 'shadow' })
  const { hits: found } = evaluateRules(set, features, REQUEST)
  expect(found).toMatchObject([{ ruleId: 'rule-1', mode: 'shadow' }])
})

test('a scope narrows a rule by service, channel and purpose', () => {
  const when = 'true'
  expect(
    hits(
      { when, scope: { channels: ['voice'] } },
      { when, scope: { services: ['VA2'] } },
      { when, scope: { purposes: ['signup'] } },
      { when, scope: { channels: ['sms'], services: ['VA1'], purposes: ['login', 'signup'] } },
    ),
  ).toEqual(['rule-3'])
})

test('the reason is the id with underscores unless the rule names one', () => {
  const set = ruleSet({ when: 'true', id: 'a-b' }, { when: 'true', reason: 'other_word' })
  const codes = evaluateRules(set, features, REQUEST).hits.map((hit) => hit.reason.code)
  expect(codes).toEqual(['a_b', 'other_word'])
})

test('a rule that breaks while it runs is reported, and the others still run', () => {
  const set = ruleSet({ when: 'number.country.matches("[")' }, { when: 'number.mobile' })
  const result = evaluateRules(set, features, REQUEST)
  expect(result.hits.map((hit) => hit.ruleId)).toEqual(['rule-1'])
  expect(result.errors).toMatchObject([{ ruleId: 'rule-0' }])
  expect(JSON.stringify(result.errors)).not.toContain('DE')
})

test('unknown names are found wherever they stand, all at once, with the nearest known one', () => {
  expect(faults('phone.ask_1h > 3 && has(range3.unverified_24) && number.mobile')).toEqual([
    { offset: 0, message: 'unknown feature "phone.ask_1h"; did you mean "phone.asks_1h"?' },
    {
      offset: 24,
      message: 'unknown feature "range3.unverified_24"; did you mean "range3.unverified_24h"?',
    },
  ])
  expect(faults('phnoe.asks_1h > 3')).toEqual([
    { offset: 0, message: 'unknown feature group "phnoe"; did you mean "phone"?' },
  ])
})

test('a condition must be one: no numbers, no comparison of unlike things, no broken syntax', () => {
  expect(faults('phone.asks_1h')[0]?.message).toContain('true or false')
  expect(faults('phone.asks_1h > "x"')[0]?.message).toContain('double > string')
  expect(faults('number.mobile && phone.asks_1h >')[0]).toMatchObject({ offset: 32 })
  expect(faults('')).toHaveLength(1)
  expect(faults(`${'('.repeat(3000)}`)).toHaveLength(1)
})

test('any text at all is either a condition or at least one mistake inside it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'phone.asks_1h',
      ' && ',
      ' || ',
      '(',
      ')',
      '>= 3',
      '!',
      'in',
      '[1]',
      '"a"',
      'has(',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const compiled = compileCondition(text)
      if (compiled.kind === 'ok') return
      expect(compiled.faults.length).toBeGreaterThan(0)
      for (const { offset } of compiled.faults) {
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 3000 },
  )
})

test('the short way through simple comparisons answers as the interpreter does', () => {
  const number = fc.constantFrom(
    'phone.asks_1h',
    'ip.asks_1h',
    'range3.excess_24h',
    'session.age_ms',
  )
  const comparison = fc
    .tuple(
      number,
      fc.constantFrom('<', '<=', '==', '>=', '>'),
      fc.constantFrom('6', '2.0', '0', '20000'),
    )
    .map((parts) => parts.join(' '))
  const flag = fc.constantFrom(
    'number.mobile',
    '!number.mobile',
    'network.tor',
    '!network.tor',
    'number.country == "DE"',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(comparison, flag), { minLength: 1, maxLength: 4 }), (parts) => {
      // Joined with `true ||` inside each part there is nothing simple left, so the interpreter has to do it all.
      const slow = parts.map((part) => `(false || (${part}))`).join(' && ')
      expect(holds(parts.join(' && '))).toBe(holds(slow))
    }),
    { numRuns: 1000 },
  )
})

test('the schema asks for a score with adjust and only there', () => {
  const rule = { id: 'a', why: 'b', when: 'true' }
  const accepts = (more: object) =>
    policySchema.safeParse({ version: '1', rules: [{ ...rule, ...more }] }).success
  expect(accepts({ action: 'adjust', score: 0.1 })).toBe(true)
  expect(accepts({ action: 'adjust' })).toBe(false)
  expect(accepts({ action: 'block', score: 0.1 })).toBe(false)
  expect(accepts({ action: 'adjust', score: 1.5 })).toBe(false)
})
