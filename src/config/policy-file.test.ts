import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMistake } from './mistake.ts'
import { parsePolicyFile } from './policy-file.ts'
import { readYaml } from './yaml-file.ts'

const parseText = (text: string) => parsePolicyFile(readYaml('policy.yaml', text))

const RULE = ['  - id: a', '    why: b', '    when: number.mobile', '    action: block']
const HEAD = ['version: "1"', 'rules:']
function mistakesIn(lines: readonly string[]) {
  const parsed = parseText(lines.join('\n'))
  return parsed.kind === 'wrong' ? parsed.mistakes.map(formatMistake) : []
}

test('a right file compiles, and its version tells two texts apart', () => {
  const first = parseText([...HEAD, ...RULE].join('\n'))
  const second = parseText([...HEAD, ...RULE, '# note'].join('\n'))
  if (first.kind === 'wrong' || second.kind === 'wrong')
    throw new Error('expected both to be right')
  expect(first.value.version).toMatch(/^1\+[0-9a-f]{8}$/)
  expect(second.value.version).not.toBe(first.value.version)
  expect(first.value.maturitySeconds).toBe(180)
})

test('all kinds of mistakes are told at once, each at its place', () => {
  const lines = [
    'version: "1"',
    'maturity_seconds: soon',
    'rules:',
    '  - id: One',
    '    why: b',
    '    when: number.mobil',
    '    action: deny',
    '  - id: two',
    '    when: phone.asks_1h',
    '    action: block',
    '    weight: 3',
    '  - id: two',
    '    why: b',
    '    when: phone.asks_1h >',
    '    action: adjust',
  ]
  expect(mistakesIn(lines)).toEqual([
    'policy.yaml:2:19: maturity_seconds: expected number, received string',
    'policy.yaml:4:9: rules[0].id: expected small letters, digits and single hyphens, e.g. range-pumped',
    'policy.yaml:6:11: unknown feature "number.mobil"; did you mean "number.mobile"?',
    'policy.yaml:7:13: rules[0].action: expected one of "allow"|"challenge"|"block"|"adjust"|"pardon"',
    'policy.yaml:8:5: rules[1].why: missing; expected string',
    'policy.yaml:9:11: expected a condition that is true or false, got double',
    'policy.yaml:11:5: rules[1].weight: unknown field',
    'policy.yaml:12:5: rules[2].score: expected `score` with action adjust and only there',
    'policy.yaml:12:9: rules[2].id: "two" is the id of rules[1] already',
    'policy.yaml:14:26: not a valid CEL condition: Unexpected token: EOF',
  ])
})

test('a mistake in a condition is found inside every style of YAML text', () => {
  const where = (when: string[]) =>
    mistakesIn([...HEAD, '  - id: a', '    why: b', ...when, '    action: block'])[0]
  const message = 'unknown feature "phone.nope"'
  expect(where(['    when: number.mobile && phone.nope'])).toBe(`policy.yaml:5:28: ${message}`)
  expect(where(['    when: "\\"a\\" == \\"b\\" && phone.nope"'])).toBe(
    `policy.yaml:5:30: ${message}`,
  )
  expect(where(["    when: 'phone.nope'"])).toBe(`policy.yaml:5:12: ${message}`)
  expect(where(['    when: >-', '      number.mobile', '      && phone.nope'])).toBe(
    `policy.yaml:7:10: ${message}`,
  )
  expect(where(['    when: |', '      number.mobile ||', '        phone.nope'])).toBe(
    `policy.yaml:7:9: ${message}`,
  )
})

test('more than five hundred rules are refused', () => {
  const many = Array.from(
    { length: 501 },
    (_, index) => `  - { id: r${index}, why: b, when: "true", action: allow }`,
  )
  expect(mistakesIn([...HEAD, ...many])[0]).toContain('rules')
})

test('thresholds must not cross', () => {
  const lines = ['thresholds: { challenge: 0.9, block: 0.5 }', ...HEAD, ...RULE]
  expect(mistakesIn(lines)[0]).toMatch(/^policy\.yaml:1:38: thresholds\.block: expected/)
})

test('the shares of an account’s own traffic are small, and blocking is the rarer one', () => {
  const own = (shares: string) => [
    'thresholds:',
    '  challenge: 0.2',
    '  block: 0.8',
    `  own_traffic: ${shares}`,
    ...HEAD,
    ...RULE,
  ]
  expect(mistakesIn(own('{ challenge_share: 0.01, block_share: 0.001 }'))).toEqual([])
  expect(mistakesIn(own('{ challenge_share: 0.5, block_share: 0.001 }'))[0]).toMatch(
    /^policy\.yaml:4:35: thresholds\.own_traffic\.challenge_share: Too big/,
  )
  expect(mistakesIn(own('{ challenge_share: 0.01, block_share: 0.02 }'))[0]).toMatch(
    /^policy\.yaml:4:54: thresholds\.own_traffic\.block_share: expected a share to block/,
  )
  expect(mistakesIn(own('{ challenge_share: 0.01 }'))[0]).toMatch(
    /^policy\.yaml:4:16: thresholds\.own_traffic\.block_share: missing/,
  )
})

test('a pardon names rules that challenge', () => {
  const pardon = (ids: string) => [
    ...HEAD,
    '  - { id: doubts, why: b, when: number.mobile, action: challenge }',
    ...RULE,
    '  - id: mercy',
    '    why: b',
    '    when: number.mobile',
    '    action: pardon',
    `    pardons: ${ids}`,
  ]
  expect(mistakesIn(pardon('[doubts, score]'))).toEqual([])
  expect(mistakesIn(pardon('[doubts, doubt]'))).toEqual([
    'policy.yaml:12:23: rules[2].pardons[1]: no rule that challenges has the id "doubt"; did you mean "doubts"?',
  ])
  expect(mistakesIn(pardon('[a]'))[0]).toContain('no rule that challenges has the id "a"')
  expect(mistakesIn(pardon('[]'))[0]).toMatch(/^policy\.yaml:12:14: rules\[2\]\.pardons: /)
  expect(mistakesIn([...HEAD, ...RULE, '    pardons: [a]'])[0]).toContain(
    'expected `pardons` with action pardon and only there',
  )
})

test('more than one stranger in twenty is not a sample', () => {
  expect(mistakesIn(['sampled_challenge_share: 0.01', ...HEAD, ...RULE])).toEqual([])
  expect(mistakesIn(['sampled_challenge_share: 0.2', ...HEAD, ...RULE])[0]).toMatch(
    /^policy\.yaml:1:26: sampled_challenge_share: Too big/,
  )
})

const shipped = readFileSync(new URL('../../rules/policy.yaml', import.meta.url), 'utf8')
/** Texts near to a policy: the shipped head, spoiled by cuts and insertions, and plain noise. */
const spoiled = fc
  .tuple(fc.nat(3000), fc.nat(400), fc.string({ unit: 'binary', maxLength: 12 }))
  .map(([at, cut, noise]) => {
    const text = shipped.slice(0, 4500)
    return text.slice(0, at) + noise + text.slice(at + cut)
  })
const tokens = fc
  .array(
    fc.constantFrom(
      'rules',
      ':',
      ' ',
      '\n',
      '  - ',
      'when',
      '"',
      "'",
      '|',
      '>-',
      '&a',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '#',
      '!!int',
      '\t',
      '---',
      'version',
      '1',
      '\r\n',
      '\uFEFF',
      '<<',
      '__proto__',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

function expectInside(text: string): void {
  const parsed = parseText(text)
  if (parsed.kind === 'ok') return
  expect(parsed.mistakes.length).toBeGreaterThan(0)
  const lines = text.split('\n')
  for (const { line, column, message } of parsed.mistakes) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
    expect(message).not.toBe('')
  }
}

test('no text makes the loader throw, and every mistake lies inside the text', () => {
  fc.assert(fc.property(tokens, expectInside), { numRuns: 5000 })
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectInside), {
    numRuns: 4000,
  })
  fc.assert(fc.property(spoiled, expectInside), { numRuns: 1000 })
})
