import { expect, test } from 'vitest'
import { DEFAULT_CURRENCY } from '../billing/price-book.ts'
import { PROVIDER_KINDS } from '../channels/kinds.ts'
import { formatMistake } from './mistake.ts'
import { parseRulesFolder } from './rules-folder.ts'
import { readRulesFiles } from './yaml-file.ts'

const POLICY = 'version: "1"\nrules: []\n'
const ROUTES = 'providers: { inbox: { kind: sandbox } }\nroutes: [{ match: {}, use: [inbox] }]\n'
const PRICES = 'currency: USD\ndefault: 0.1\nsms: { GB: 0.04 }\n'
const SURROUNDINGS = { environment: {}, kinds: PROVIDER_KINDS }

const read = (files: Record<string, string>) =>
  parseRulesFolder(readRulesFiles(new Map(Object.entries(files))), SURROUNDINGS)
const mistakesIn = (files: Record<string, string>) => {
  const parsed = read(files)
  return parsed.kind === 'wrong' ? parsed.mistakes.map(formatMistake) : []
}

test('a whole folder is read as one', () => {
  const parsed = read({
    'policy.yaml': POLICY,
    'routes.yaml': ROUTES,
    'prices/usd.yaml': PRICES,
    'lists/block.yaml': 'entries: [{ kind: country, value: KP }]\n',
    'README.md': 'anything: [',
    'lists/README.md': 'notes',
    '.policy.yaml.swp': 'what an editor left',
  })
  if (parsed.kind === 'wrong') throw new Error(JSON.stringify(parsed.mistakes))
  const { ruleSet, routes, prices, lists } = parsed.value
  expect(ruleSet.rules).toEqual([])
  expect(routes?.routes).toHaveLength(1)
  const query = { accountId: undefined, currency: DEFAULT_CURRENCY, kind: 'otp', atMs: 0 } as const
  expect(prices?.priceOf({ ...query, country: 'GB', channel: 'sms' }).price).toBe(40_000)
  expect(lists.entries).toMatchObject([{ list: 'block', kind: 'country', value: 'KP' }])
})

test('a folder to try rules with needs nothing but policy.yaml', () => {
  expect(read({ 'policy.yaml': POLICY })).toMatchObject({
    kind: 'ok',
    value: { routes: undefined, prices: undefined },
  })
})

test('every mistake in every file is told at once, by file and place', () => {
  expect(
    mistakesIn({
      'routes.yaml': ROUTES.replace('[inbox]', '[outbox]'),
      'prices/usd.yaml': PRICES.replace('0.04', 'cheap'),
      'lists/block.yaml': 'entries: [{ kind: country, value: 12 }]\n',
      'rules.yaml': POLICY,
    }),
  ).toEqual([
    expect.stringMatching(/^lists\/block\.yaml:1:\d+: /),
    'policy.yaml:1:1: the folder has no such file',
    expect.stringMatching(/^prices\/usd\.yaml:3:12: sms\.GB: expected/),
    'routes.yaml:2:29: routes[0].use[0]: there is no provider outbox',
    expect.stringMatching(/^rules\.yaml:1:1: not a file of a rules folder; expected policy\.yaml/),
  ])
})

test('two files with the same prices, and prices without dollars, are mistakes', () => {
  const twice = { 'policy.yaml': POLICY, 'prices/a.yaml': PRICES, 'prices/b.yaml': PRICES }
  expect(mistakesIn(twice)).toEqual([
    'prices/b.yaml:2:10: default: is on the list already (ever to ever)',
    'prices/b.yaml:3:12: sms.GB: is on the list already (ever to ever)',
  ])
  const euros = { 'policy.yaml': POLICY, 'prices/eur.yaml': PRICES.replace('USD', 'EUR') }
  expect(mistakesIn(euros)).toEqual(['prices:1:1: no file has prices in USD'])
})
