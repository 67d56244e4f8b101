import { expect, test } from 'vitest'
import { currency } from '../domain/money.ts'
import { checkComparable, checkCostRows, openCostBook, readCostCsv, readCostYaml } from './costs.ts'

const HEADER = 'provider,channel,country,currency,from,until,cost\n'
const rowsOf = (text: string) => readCostCsv(HEADER + text).rows.map(({ row }) => row)
const BASE = `a,sms,GB,USD,,2026-07-01,0.02
a,sms,GB,USD,2026-07-01,,0.03
a,sms,*,EUR,,,0.05
`
const JULY_MS = Date.UTC(2026, 6, 1)

test('a cost is that of the day, of the country before that of every other', () => {
  const { costOf } = openCostBook(rowsOf(BASE))
  const query = { provider: 'a', channel: 'sms', country: 'GB', atMs: 0 } as const
  expect(costOf(query)).toEqual({ micros: 20_000, currency: 'USD' })
  expect(costOf({ ...query, atMs: JULY_MS })).toEqual({ micros: 30_000, currency: 'USD' })
  expect(costOf({ ...query, country: 'FR' })).toEqual({ micros: 50_000, currency: 'EUR' })
  expect(costOf({ ...query, provider: 'b' })).toBeUndefined()
})

test('providers that charge in different currencies are compared by what these are worth', () => {
  const rows = rowsOf('a,sms,*,USD,,,0.04\nb,sms,*,CNY,,,0.05\n')
  const routing = { currency: currency('USD'), exchange: { [currency('CNY')]: 0.14 } }
  const { worthOf, costOf } = openCostBook(rows, routing)
  const query = { provider: 'b', channel: 'sms', country: 'CN', atMs: 0 } as const
  expect(worthOf(query)).toBe(7_000)
  expect(costOf(query)).toEqual({ micros: 50_000, currency: 'CNY' })
  expect(worthOf({ ...query, provider: 'a' })).toBe(40_000)
  expect(checkComparable(rows, routing)).toEqual([])
})

test('costs that nobody can compare are a mistake, unless all are in one currency', () => {
  const rows = rowsOf('a,sms,*,USD,,,0.04\nb,sms,*,CNY,,,0.05\n')
  const message =
    'is compared with USD: routes.yaml must say routing: { currency: USD, exchange: { CNY: … } }'
  expect(checkComparable(rows, { exchange: {} })).toEqual([{ row: 1, field: 'currency', message }])
  expect(checkComparable(rows.slice(1), { exchange: {} })).toEqual([])
  const inDollars = { currency: currency('USD'), exchange: {} }
  expect(checkComparable(rows.slice(1), inDollars)).toMatchObject([{ row: 0, field: 'currency' }])
})

test('an unknown provider, dates that overlap and an end before the start are mistakes', () => {
  const rows = rowsOf(`${BASE}b,sms,GB,USD,,,1\na,sms,GB,USD,2026-06-01,2026-05-01,1\n`)
  expect(checkCostRows(rows, new Set(['a']))).toEqual([
    { row: 3, field: 'provider', message: 'there is no provider b' },
    { row: 4, field: 'until', message: 'is not after its start' },
    {
      row: 4,
      field: 'from',
      message: '2026-06-01 to 2026-05-01 overlaps ever to 2026-07-01',
    },
  ])
  expect(checkCostRows(rowsOf(BASE), new Set(['a']))).toEqual([])
})

test('YAML says the same by provider, and a mistake stands at its price', () => {
  const file = { provider: 'a', currency: 'USD', costs: { sms: { GB: 0.02, '*': 0.05 } } }
  const read = readCostYaml(file)
  expect(read).toMatchObject({
    kind: 'good',
    value: [
      { row: { provider: 'a', country: 'GB', cost: 20_000 }, path: ['costs', 'sms', 'GB'] },
      { row: { country: '*', cost: 50_000 } },
    ],
  })
  expect(readCostYaml({ ...file, costs: { sms: { GB: -1 } } })).toMatchObject({
    kind: 'bad',
    mistakes: [{ path: ['costs', 'sms', 'GB'] }],
  })
})
