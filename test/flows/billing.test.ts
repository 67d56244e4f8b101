import { expect, test } from 'vitest'
import { sweep } from '../../src/flows/sweep.ts'
import { openHarness } from '../support/harness.ts'

const DAY_MS = 86_400_000
const CHINA = (index: number): string => `+8613800138${String(index).padStart(3, '0')}`
const CLIENT = {
  ip: '81.2.69.142',
  user_agent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  accept_language: 'zh-CN',
  session_age_ms: 24_000,
}

const PRICES = `currency: USD
default: 0.08
sms: { GB: { price: 0.04, bill_on: delivered } }
domestic:
  country: CN
  otp:
    tiers:
      - { from_segments: 0, price: 0.01 }
      - { from_segments: 10, price: 0.008 }
  notice: 0.01
`
const COSTS = 'provider,channel,country,currency,cost\ninbox,sms,CN,CNY,0.03\n'
const RULES = {
  'policy.yaml': 'version: "1"\nrules: []\n',
  'routes.yaml': 'providers: { inbox: { kind: sandbox } }\nroutes: [{ match: {}, use: [inbox] }]\n',
  'prices/usd.yaml': PRICES,
  'costs/inbox.csv': COSTS,
}

async function openShop() {
  const shop = await openHarness({ rules: RULES, balance: 10_000_000 })
  const json = async (response: Response) => (await response.json()) as Record<string, unknown>
  const issue = async (to: string) => {
    const response = await shop.post('/v1/verifications', { to, client: CLIENT })
    expect(response.status).toBe(201)
    await shop.settle()
    return json(response)
  }
  return {
    ...shop,
    issue,
    json,
    balance: async () => {
      const { available_micros, held_micros, spent_micros } = await json(
        await shop.get('/v1/balance'),
      )
      return [available_micros, held_micros, spent_micros]
    },
    grant: (body: object) =>
      shop.post('/v1/packages', {
        market: 'domestic',
        expires_at: new Date(shop.clock.nowMs() + 30 * DAY_MS).toISOString(),
        ...body,
      }),
    packages: async () => {
      const { packages } = await json(await shop.get('/v1/packages'))
      return (packages as { left: number; reserved: number; reference: string }[]).map(
        ({ reference, left, reserved }) => [reference, left, reserved],
      )
    },
  }
}

test('a package that was bought pays before the balance, and both are in the ledger', async () => {
  const shop = await openShop()
  const bought = await shop.grant({ segments: 2, reference: 'P-1', price_micros: 15_000 })
  expect(bought.status).toBe(201)
  expect(await shop.balance()).toEqual([9_985_000, 0, 15_000])
  for (const index of [1, 2, 3]) await shop.issue(CHINA(index))
  expect(await shop.packages()).toEqual([['P-1', 0, 0]])
  expect(await shop.balance()).toEqual([9_975_000, 0, 25_000])
  const { entries } = await shop.json(await shop.get('/v1/ledger?limit=100'))
  const used = (entries as { account: string; currency: string; amount_micros: number }[]).filter(
    ({ account }) => account.startsWith('used:'),
  )
  expect(used.map((entry) => [entry.currency, entry.amount_micros])).toEqual([
    ['SEG', 1_000_000],
    ['SEG', 1_000_000],
  ])
  expect([...(await shop.house.ledger.trialBalance())].every(([, total]) => total === 0)).toBe(true)
})

test('the same reference, a package without time and one that cannot be paid are refused', async () => {
  const shop = await openShop()
  expect((await shop.grant({ segments: 1, reference: 'P-1' })).status).toBe(201)
  expect((await shop.grant({ segments: 1, reference: 'P-1' })).status).toBe(409)
  const past = { segments: 1, reference: 'P-2', expires_at: '2020-01-01T00:00:00Z' }
  expect(await shop.json(await shop.grant(past))).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/expires_at' }],
  })
  const dear = { segments: 1, reference: 'P-3', price_micros: 10_000_001 }
  expect((await shop.grant(dear)).status).toBe(402)
  expect(await shop.packages()).toEqual([['P-1', 1, 0]])
})

test('a crossed tier re-rates the month at the next sweep, and later sends cost the new price at once', async () => {
  const shop = await openShop()
  for (let index = 0; index < 10; index++) await shop.issue(CHINA(index))
  expect(await shop.balance()).toEqual([9_900_000, 0, 100_000])
  await sweep(shop.house)
  await sweep(shop.house)
  expect(await shop.balance()).toEqual([9_920_000, 0, 80_000])
  shop.clock.advance(61_000)
  await shop.issue(CHINA(10))
  await sweep(shop.house)
  expect(await shop.balance()).toEqual([9_912_000, 0, 88_000])
  const { entries } = await shop.json(await shop.get('/v1/ledger?limit=100'))
  const notes = (entries as { note?: string }[]).flatMap(({ note }) => note ?? [])
  expect(notes).toEqual(Array(2).fill('2026-03 sms:CN:otp at the price of 10 segments'))
})

test('a price that is due on delivery stays held and goes back when no receipt comes in three days', async () => {
  const shop = await openShop()
  await shop.issue('+447400100001')
  expect(await shop.balance()).toEqual([9_960_000, 40_000, 0])
  shop.clock.advance(3 * DAY_MS)
  await sweep(shop.house)
  expect(await shop.balance()).toEqual([9_960_000, 40_000, 0])
  shop.clock.advance(1)
  await sweep(shop.house)
  expect(await shop.balance()).toEqual([10_000_000, 0, 0])
})

test('what is left of a package lapses at the sweep after its end', async () => {
  const shop = await openShop()
  await shop.grant({ segments: 5, reference: 'P-1' })
  shop.clock.advance(30 * DAY_MS)
  await sweep(shop.house)
  expect(await shop.packages()).toEqual([['P-1', 0, 0]])
})

test('a refund is a posting with its reason, booked once, for a send of the account', async () => {
  const shop = await openShop()
  const { id } = await shop.issue(CHINA(1))
  const latest = await shop.house.outbox.latestOf([id as never])
  const send = [...latest.values()][0]?.id
  const refund = { amount_micros: 10_000, currency: 'USD', reference: 'T-1', reason: 'Lost', send }
  const first = await shop.post('/v1/balance/adjustments', refund)
  expect(first.status).toBe(201)
  expect(await shop.balance()).toEqual([10_000_000, 0, 0])
  expect((await shop.post('/v1/balance/adjustments', refund)).status).toBe(409)
  const foreign = { ...refund, reference: 'T-2', send: `VL${'0'.repeat(32)}` }
  expect(await shop.json(await shop.post('/v1/balance/adjustments', foreign))).toMatchObject({
    errors: [{ pointer: '/send' }],
  })
  const charge = { ...refund, reference: 'T-3', amount_micros: -10_000_001 }
  expect((await shop.post('/v1/balance/adjustments', charge)).status).toBe(402)
  const euros = { ...refund, reference: 'T-4', currency: 'EUR' }
  expect((await shop.post('/v1/balance/adjustments', euros)).status).toBe(400)
})

test('the prices in force are listed with what each is for', async () => {
  const shop = await openShop()
  const all = await shop.json(await shop.get('/v1/prices?country=CN'))
  expect(all).toMatchObject({
    currency: 'USD',
    prices: [
      { market: 'domestic', kind: 'otp', tier_from: 0, price_micros: 10_000, own: false },
      { market: 'domestic', kind: 'otp', tier_from: 10, price_micros: 8_000 },
      { market: 'domestic', kind: 'notice', price_micros: 10_000 },
    ],
  })
})

test('what a send costs us is kept by destination and currency', async () => {
  const shop = await openShop()
  await shop.issue(CHINA(1))
  const rows = await shop.db.driver.all({
    sql: 'SELECT price_micros, expected_cost_micros, expected_cost_currency FROM sends',
    args: [],
  })
  expect(rows).toEqual([
    { price_micros: 10_000, expected_cost_micros: 30_000, expected_cost_currency: 'CNY' },
  ])
})
