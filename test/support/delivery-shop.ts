import { expect } from 'vitest'
import { sweep } from '../../src/flows/sweep.ts'
import { openHarness } from './harness.ts'
import { type Scripts, scriptedRouter } from './scripted-router.ts'

const CLIENT = {
  ip: '81.2.69.142',
  user_agent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  accept_language: 'en-GB',
  session_age_ms: 24_000,
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** Everything costs 0.04; in Germany on delivery. */
const RULES = {
  'policy.yaml': 'version: "1"\nrules: []\n',
  'prices/usd.yaml':
    'currency: USD\ndefault: 0.04\nsms: { DE: { price: 0.04, bill_on: delivered } }\n',
}

type Sections = Parameters<typeof scriptedRouter>[1]
type Settings = Parameters<typeof scriptedRouter>[2]

/** A whole service with 10 dollars over scripted providers, and a clock that sweeps as it goes. */
export async function openDeliveryShop(
  scripts: Scripts,
  routes?: Sections,
  settings?: Settings,
  rules: Readonly<Record<string, string>> = RULES,
) {
  const shop = await openHarness({
    rules,
    balance: 10_000_000,
    router: scriptedRouter(scripts, routes, settings),
  })
  const json = async (response: Response) => (await response.json()) as Record<string, unknown>
  const read = async (id: string) => json(await shop.get(`/v1/verifications/${id}`))
  return {
    ...shop,
    json,
    read,
    issue: async (to = '+447400100001', body: object = {}) => {
      const response = await shop.post('/v1/verifications', { to, client: CLIENT, ...body })
      expect(response.status).toBe(201)
      await shop.settle()
      return String((await json(response)).id)
    },
    sendOf: async (id: string) => (await read(id)).send as { id: string; status: string },
    statusOf: async (id: string) => ((await read(id)).send as { status: string }).status,
    balance: async () => {
      const told = await json(await shop.get('/v1/balance'))
      return [told.available_micros, told.held_micros, told.spent_micros]
    },
    /** From now on; answers how many budgets were told to have been reached. */
    budgetsTold: async () => {
      const hook = { url: 'https://a.example.com', types: ['budget.reached'] }
      const { id } = await json(await shop.post('/v1/webhooks', hook))
      return async () => {
        const { deliveries } = await json(await shop.get(`/v1/webhooks/${id}/deliveries`))
        return (deliveries as unknown[]).length
      }
    },
    /** As a server's clock goes: in steps of what a server sleeps between two sweeps. */
    pass: async (ms: number, stepMs = 5 * SECOND) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        shop.clock.advance(Math.min(stepMs, ms - passed))
        await sweep(shop.house)
        await shop.settle()
      }
    },
  }
}
