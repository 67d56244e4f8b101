import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { WORKER_KINDS } from '../channels/kinds.ts'
import { openCondition } from '../risk/portable-condition.ts'
import { compileCondition } from '../risk/rule-environment.ts'
import { compileRules } from './compile-rules.ts'
import { type CompiledRules, openCompiledRules } from './compiled-rules.ts'
import { formatMistake } from './mistake.ts'
import type { RulesFiles } from './placed-data.ts'
import { readTexts } from './rules-files.ts'
import { parseRulesFolder } from './rules-folder.ts'
import { readRulesFiles } from './yaml-file.ts'

const SHIPPED = fileURLToPath(new URL('../../rules', import.meta.url))
const POLICY = 'version: "1"\nrules: []\n'
const route = (settings: string) =>
  `providers:\n  a:\n    kind: http\n    settings: ${settings}\nroutes: [{ match: {}, use: [a] }]\n`

/** A variable as routes.yaml names it. */
const variable = (name: string) => `\${${name}}`

const compile = (files: Record<string, string>) =>
  compileRules(new Map(Object.entries({ 'policy.yaml': POLICY, ...files })), WORKER_KINDS)

/** By way of a file, as the Worker gets it. */
const throughFile = (compiled: CompiledRules): RulesFiles =>
  openCompiledRules(JSON.parse(JSON.stringify(compiled)) as CompiledRules, openCondition)

function parse(files: RulesFiles, environment: Record<string, string> = {}) {
  const parsed = parseRulesFolder(files, { environment, kinds: WORKER_KINDS })
  if (parsed.kind === 'wrong') throw new Error(parsed.mistakes.map(formatMistake).join('\n'))
  const { ruleSet, routes, prices, costs, lists } = parsed.value
  const rules = ruleSet.rules.map((rule) => JSON.stringify(rule))
  return { version: ruleSet.version, rules, routes: JSON.stringify(routes), prices, costs, lists }
}

test('the compiled folder of the repository says what its files say, and has their version', async () => {
  const texts = await readTexts(SHIPPED)
  const { mistakes, compiled } = compileRules(texts, WORKER_KINDS)
  expect(mistakes).toEqual([])
  const read = readRulesFiles(texts)
  const opened = throughFile(compiled)
  for (const [path, content] of read) {
    const other = opened.get(path)
    if (typeof content === 'string' || typeof other === 'string') continue
    if (path !== 'policy.yaml') expect(other?.value).toEqual(content.value)
    expect(other?.digest()).toBe(content.digest())
  }
  const { prices, ...rest } = parse(opened)
  const { prices: expectedPrices, ...expected } = parse(read)
  expect(rest).toEqual(expected)
  expect(prices?.rows).toEqual(expectedPrices?.rows)
})

test('a comment changes the version of a compiled policy as it does that of a read one', () => {
  const opened = ['', '# note\n'].map((end) => {
    const texts = new Map([['policy.yaml', POLICY + end]])
    return [
      parse(throughFile(compileRules(texts, WORKER_KINDS).compiled)),
      parse(readRulesFiles(texts)),
    ]
  })
  expect(opened[0]?.[0]?.version).not.toBe(opened[1]?.[0]?.version)
  for (const [compiled, read] of opened) expect(compiled?.version).toBe(read?.version)
})

test('mistakes stand where they were written', () => {
  const { mistakes } = compile({
    'policy.yaml': 'version: "1"\nrules:\n  - { id: a, why: b, when: nope.x, action: block }\n',
    'prices/usd.yaml': 'currency: USD\nsms: nothing\n',
    'lists/networks/tor.txt': '# all\nnobody\n',
    'notes.md': 'left alone',
  })
  expect(mistakes.map(formatMistake)).toEqual([
    expect.stringMatching(/^lists\/networks\/tor\.txt:2:1: /),
    expect.stringMatching(/^policy\.yaml:3:28: unknown feature group/),
    expect.stringMatching(/^prices\/usd\.yaml:2:6: /),
  ])
})

test('variables are asked for where the rules will run, and named by their field there', () => {
  const texts = {
    'routes.yaml': route(`{ url: "${variable('GATEWAY_URL')}", colour: "${variable('no')}" }`),
  }
  expect(compile(texts).mistakes.map(formatMistake)).toEqual([
    expect.stringMatching(
      /^routes\.yaml:4:\d+: providers\.a\.settings\.colour: expected \$\{NAME\}/,
    ),
  ])
  const { mistakes, unset, compiled } = compile({
    'routes.yaml': route(`{ url: "${variable('GATEWAY_URL')}" }`),
  })
  expect(mistakes).toEqual([])
  expect(unset.map(formatMistake)).toEqual([
    'routes.yaml:4:22: providers.a.settings.url: the environment variable GATEWAY_URL is not set',
  ])
  expect(() => parse(throughFile(compiled))).toThrow(
    'routes.yaml:1:1: providers.a.settings.url: the environment variable GATEWAY_URL is not set',
  )
})

test('what JSON cannot say is a mistake and never something else', () => {
  const { mistakes } = compile({ 'lists/allow.yaml': 'entries:\n  - { kind: asn, value: .inf }\n' })
  expect(mistakes.map(formatMistake)).toContain(
    'lists/allow.yaml:1:1: holds a value that JSON cannot say',
  )
})

test('comments of network lists stay behind, and the systems do not', () => {
  const text = '# clouds\nAS64500 # one\n\n192.0.2.0/24\n'
  const { compiled } = compile({ 'lists/networks/hosting.txt': text })
  expect(compiled['lists/networks/hosting.txt']).toBe('AS64500\n192.0.2.0/24')
})

test('one condition that needs the interpreter leaves all of them as they were written', () => {
  const rule = (id: string, when: string) =>
    `  - { id: ${id}, why: b, when: '${when}', action: block }\n`
  const head = 'version: "1"\nrules:\n'
  const plain = rule('a', 'phone.asks_1h > 3')
  expect(compile({ 'policy.yaml': head + plain }).interpreted).toBe(false)
  const text = head + plain + rule('b', 'number.country.startsWith("G")')
  const { interpreted, compiled } = compile({ 'policy.yaml': text })
  expect(interpreted).toBe(true)
  expect(parse(openCompiledRules(compiled, compileCondition))).toEqual(
    parse(readRulesFiles(new Map([['policy.yaml', text]]))),
  )
})
