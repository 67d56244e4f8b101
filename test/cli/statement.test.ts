import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readCsvTable } from '../../src/billing/csv.ts'
import type { Hands, OpenedBooks } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/main.ts'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { openHarness } from '../support/harness.ts'

const MONTH = '2026-03'

/** A shop with an odd name that sent two messages, bought a package and got a refund. */
async function openShop() {
  const shop = await openHarness({ balance: 10_000_000 })
  for (const index of [1, 2]) {
    const started = await shop.post('/v1/verifications', { to: phoneOf(index), client: PERSON })
    expect(started.status).toBe(201)
  }
  await shop.settle()
  await shop.post('/v1/packages', {
    market: 'international',
    segments: 5,
    expires_at: '2027-01-01T00:00:00Z',
    reference: '<b>P-1</b>',
    price_micros: 100_000,
  })
  const { house, account } = shop
  const call = async (...args: readonly string[]) => {
    const said = { out: '', err: '' }
    const books = {
      statements: house.statements,
      tenancy: { account: async () => ({ ...account, name: 'Corner & <Shop>' }) },
      nowMs: house.platform.nowMs,
      close: async () => undefined,
    }
    const hands = {
      environment: {},
      openBooks: async () => books as unknown as OpenedBooks,
      out: (text: string) => {
        said.out += text
      },
      err: (text: string) => {
        said.err += text
      },
    } as unknown as Hands
    return { code: await runCli(args, hands), ...said }
  }
  const run = (...args: readonly string[]) => call('statement', account.id, ...args)
  return { ...shop, call, run }
}

test('JSON is what the API answers an admin, and a report key sees no costs in it', async () => {
  const shop = await openShop()
  const { code, out } = await shop.run(MONTH)
  expect(code).toBe(0)
  const answered = await (await shop.get(`/v1/statements/${MONTH}`)).json()
  expect({ ...JSON.parse(out), name: shop.account.name }).toEqual(answered)
  expect(answered).toMatchObject({ difference_micros: 0, total: { sends: 2, cost_micros: 0 } })
  const headers = { authorization: shop.keys.report }
  const told = await (await shop.request(`/v1/statements/${MONTH}`, { headers })).text()
  expect(told).not.toMatch(/cost|margin/)
})

test('CSV has every line, and its amounts add up to the closing balance', async () => {
  const shop = await openShop()
  const { out } = await shop.run(MONTH, '--format', 'csv')
  const header = out.split('\n', 1)[0]?.split(',') ?? []
  const { records, mistakes } = readCsvTable(out, { required: header, optional: [] })
  expect(mistakes).toEqual([])
  const sum = (...sections: readonly string[]) =>
    records
      .filter(({ values }) => sections.includes(values.section ?? ''))
      .reduce((total, { values }) => total + Math.round(Number(values.amount) * 1e6), 0)
  expect(sum('opening', 'change')).toBe(sum('closing'))
  expect(sum('sent')).toBe(80_000)
  expect(sum('booking')).toBe(9_900_000)
})

test('the page is whole by itself and shows names as they are', async () => {
  const shop = await openShop()
  const folder = await mkdtemp(join(tmpdir(), 'statement-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'statement.html')
  expect(await shop.run(MONTH, '--format', 'html', '--out', file)).toEqual({
    code: 0,
    out: '',
    err: '',
  })
  const page = await readFile(file, 'utf8')
  expect(page).toContain('Corner &amp; &lt;Shop&gt;')
  expect(page).toContain('&lt;b&gt;P-1&lt;/b&gt;')
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/)
  expect(page).toContain('<th scope="row">Closing balance</th><td class="number">9.82</td>')
})

test('a posting on the page names its reference, by which finance finds it, and its reason', async () => {
  const shop = await openShop()
  await shop.post('/v1/balance/adjustments', {
    amount_micros: 6_000,
    currency: 'USD',
    reference: 'TICKET:812',
    reason: 'Never arrived',
  })
  const { out } = await shop.run(MONTH, '--format', 'html')
  expect(out).toContain('<td>adjust</td><td>TICKET:812: Never arrived</td>')
})

test.each([[['2026-3']], [['2026-13']], [['2027-01']], [[MONTH, '--format', 'pdf']]])(
  '%j is a mistake of the caller',
  async (args) => {
    const shop = await openShop()
    const { code, out } = await shop.run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  },
)

test('margins are told in each currency, with what no provider stands behind, and add up', async () => {
  const { call } = await openShop()
  const { code, out } = await call('margins', MONTH)
  expect({ code, out }).toEqual({
    code: 0,
    out: `country,provider,currency,sends,unbilled,segments,package_segments,price,rerating,packages,adjustments,cost,margin
,,USD,0,0,0,0,0,0,0.1,0,0,0.1
GB,inbox,USD,2,0,2,0,0.08,0,0,0,0,0.08
total,,USD,2,0,2,0,0.08,0,0.1,0,0,0.18
`,
  })
  const told = JSON.parse((await call('margins', MONTH, '--by', 'account', '--format', 'json')).out)
  expect(told).toMatchObject({
    month: MONTH,
    by: ['account'],
    rows: [{ sends: 2, packages_micros: 100_000, margin_micros: 180_000 }],
    totals: [{ currency: 'USD', margin_micros: 180_000 }],
  })
})

test.each([
  [['2026-3'], "a month is written such as 2026-07, not '2026-3'"],
  [['2027-01'], 'the month 2027-01 has not begun'],
  [[MONTH, '--by', 'country,colour'], "provider, not 'colour'"],
  [[MONTH, '--by', 'day,day'], '--by takes each word once'],
  [[MONTH, '--by', ''], "provider, not ''"],
  [[MONTH, '--format', 'html'], "--format takes csv or json, not 'html'"],
])('margins of %j are refused', async (args, told) => {
  const { call } = await openShop()
  const { code, out, err } = await call('margins', ...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(told)
})
