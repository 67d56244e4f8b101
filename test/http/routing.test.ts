import { expect, test } from 'vitest'
import { learnRoutes } from '../../src/flows/learn-routes.ts'
import { openHarness } from '../support/harness.ts'
import { call, issue, phoneOf } from './suites/door-house.ts'

const TOKEN = 'receipts-token'
const gateway = (port: number, cost: number): string =>
  `{ kind: http, settings: { url: "http://127.0.0.1:${port}/send", receipt_token: ${TOKEN} }, cost_micros: ${cost} }`
const ROUTES = `
providers:
  cheap: ${gateway(1, 10_000)}
  dear: ${gateway(2, 30_000)}
  french: { kind: sandbox, countries: FR }
routes:
  - { match: {}, use: [dear, cheap, french] }
routing: { explore: 0 }
`
const CHEAP = 'http://127.0.0.1:1/send'

/** A house with two gateways that take everything, and what they were asked. */
async function openTwo() {
  const asked: string[] = []
  const house = await openHarness({
    rules: { 'routes.yaml': ROUTES },
    fetch: async (input) => {
      asked.push(String(input) === CHEAP ? 'cheap' : 'dear')
      return Response.json({ id: `m-${asked.length}`, segments: 1 })
    },
  })
  return { house, asked }
}
type Opened = Awaited<ReturnType<typeof openTwo>>

const explained = async ({ house }: Opened) => {
  const to = encodeURIComponent(phoneOf(1))
  const { body } = await call(house, `GET /v1/routes/explain?to=${to}`, { key: 'admin' })
  return body as {
    route: number
    candidates: { provider: string; verdict: string; delivered: number }[]
    left_out: unknown
  }
}

async function loses({ house, asked }: Opened): Promise<void> {
  const body = JSON.stringify({ id: `m-${asked.length}`, status: 'undelivered' })
  const headers = { 'x-receipt-token': TOKEN }
  await house.request(`/receipts/http/${asked.at(-1)}`, { method: 'POST', headers, body })
}

test('the cheapest provider carries messages until its receipts say that it loses them', async () => {
  const opened = await openTwo()
  expect(await explained(opened)).toMatchObject({
    route: 1,
    candidates: [
      { provider: 'cheap', verdict: 'healthy', cost_micros: 10_000 },
      { provider: 'dear', verdict: 'healthy', cost_micros: 30_000 },
    ],
    left_out: [{ provider: 'french', why: 'country' }],
  })
  const { house, asked } = opened
  for (let person = 1; person <= 12; person++) {
    await issue(house, phoneOf(person * 7_000))
    await house.settle()
    if (asked.at(-1) === 'cheap') await loses(opened)
  }
  expect(asked[0]).toBe('cheap')
  expect(asked.slice(-4)).toEqual(['dear', 'dear', 'dear', 'dear'])
  expect((await explained(opened)).candidates).toMatchObject([
    { provider: 'dear', verdict: 'healthy' },
    { provider: 'cheap', verdict: 'worse' },
  ])
})

test('a person who asks again gets the code by another provider', async () => {
  const { house, asked } = await openTwo()
  const id = await issue(house, phoneOf(1))
  await house.settle()
  house.clock.advance(61_000)
  await call(house, `POST /v1/verifications/${id}/resend`)
  await house.settle()
  expect(asked).toEqual(['cheap', 'dear'])
})

test('a router that starts anew learns from the books who lost messages', async () => {
  const first = await openTwo()
  for (let person = 1; person <= 12; person++) {
    await issue(first.house, phoneOf(person * 7_000))
    await first.house.settle()
    if (first.asked.at(-1) === 'cheap') await loses(first)
  }
  const { outbox } = first.house.house
  const later = await openTwo()
  later.house.clock.advance(60_000)
  await learnRoutes({ ...later.house.house, outbox })
  expect((await explained(later)).candidates[0]).toMatchObject({ provider: 'dear' })
})

test('of providers that charge in different currencies the cheaper one is asked first', async () => {
  const routing = 'routing: { explore: 0, currency: USD, exchange: { CNY: 0.14 } }'
  const house = await openHarness({
    rules: {
      'routes.yaml': ROUTES.replace('routing: { explore: 0 }', routing),
      'costs/all.csv':
        'provider,channel,country,currency,cost\ncheap,sms,*,CNY,0.05\ndear,sms,*,USD,0.04\n',
    },
  })
  const { body } = await call(house, `GET /v1/routes/explain?to=${phoneOf(1)}`)
  expect(body.candidates).toMatchObject([
    { provider: 'cheap', cost_micros: 7_000 },
    { provider: 'dear', cost_micros: 40_000 },
  ])
})

test('an explanation reads a plus sign that nobody encoded', async () => {
  const { house } = await openTwo()
  const { status, body } = await call(house, `GET /v1/routes/explain?to=${phoneOf(1)}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ country: 'GB' })
})

test('an explanation tells what a provider may get, when it has room again, and who takes over', async () => {
  const limited = `providers: { inbox: { kind: sandbox, rate_per_second: 0.5 } }
routes: [{ match: {}, use: [inbox] }]
fallbacks: { sms: voice }
`
  const house = await openHarness({ rules: { 'routes.yaml': limited } })
  await house.patch(`/v1/services/${house.account.defaultServiceId}`, {
    fallback_channels: 'default',
  })
  const path = `GET /v1/routes/explain?to=${encodeURIComponent(phoneOf(1))}`
  const roomIn = async () => (await call(house, path)).body.candidates as { room_in_ms: number }[]
  expect(await roomIn()).toMatchObject([{ rate_per_second: 0.5, room_in_ms: 0 }])
  await issue(house, phoneOf(1))
  await house.settle()
  house.clock.advance(500)
  expect(await roomIn()).toMatchObject([{ room_in_ms: 1_500 }])
  expect((await call(house, path)).body.fallbacks).toEqual(['voice'])
})
