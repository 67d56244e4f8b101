import { expect } from 'vitest'
import type { SendId } from '../../src/domain/ids.ts'
import type { DeliveryStatus } from '../../src/domain/send.ts'
import { recordDeliveries } from '../../src/flows/record-receipts.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { openHarness } from './harness.ts'
import type { HouseOptions } from './house-on.ts'

/** One provider, and prices that tell countries and kinds apart. */
export const RULES = {
  'policy.yaml': 'version: "1"\nrules: []\n',
  'routes.yaml': 'providers: { inbox: { kind: sandbox } }\nroutes: [{ match: {}, use: [inbox] }]\n',
  'prices/usd.yaml': `currency: USD
default: 0.08
sms: { GB: { price: 0.04, bill_on: delivered }, FR: 0.05 }
domestic: { country: CN, otp: 0.01, notice: 0.02, bulk: 0.03 }
`,
}

/** A text of one segment, whatever the order. */
export const TEMPLATES = {
  order_shipped: {
    template: '{service}: order {order_no} comes on {day}.',
    templates: { de: '{service}: Bestellung {order_no} kommt am {day}.' },
  },
  sale: { template: 'Everything for less today.' },
}

export const GB = (index: number): string => `+447400${100_000 + index}`
export const CN = (index: number): string => `+8613800138${String(index).padStart(3, '0')}`
export const FR = (index: number): string => `+336123${10_000 + index}`

export type Message = { to: string; variables?: Record<string, string>; reference?: string }
export const toAll = (numbers: readonly string[]): Message[] => numbers.map((to) => ({ to }))

export type Answered = { readonly status: number; readonly body: Record<string, never> }
type Json = Record<string, unknown>

/** A service with texts of its own: British texts are billed on delivery, all others when they are taken. */
export async function openBatchShop(options: HouseOptions = {}, settings: Json = {}) {
  const shop = await openHarness({ rules: RULES, balance: 10_000_000, ...options })
  const service = shop.account.defaultServiceId
  const patched = await shop.patch(`/v1/services/${service}`, {
    name: 'Acme',
    message_templates: TEMPLATES,
    ...settings,
  })
  expect(patched.status).toBe(200)
  const read = async (response: Response) => ({
    status: response.status,
    body: (await response.json()) as Json & { readonly id: string },
  })
  const get = async (path: string) => (await read(await shop.get(path))).body
  const messages = async (id: string, query = '?limit=100') =>
    (await get(`/v1/batches/${id}/messages${query}`)).messages as Json[]
  return {
    ...shop,
    service,
    read,
    /** Not settled yet. */
    send: async (messages: readonly Message[], rest: Json = {}, headers?: HeadersInit) => {
      const body = { kind: 'bulk', template: 'sale', messages, ...rest }
      return read(await shop.post('/v1/batches', body, headers))
    },
    batch: (id: string) => get(`/v1/batches/${id}`),
    messages,
    /** Receipts for the first hundred that were sent. */
    hear: async (id: string, status: DeliveryStatus = 'delivered', from = 'inbox') => {
      await shop.settle()
      const sent = await messages(id, '?limit=100&status=sent')
      const receipts = sent.map((message) => ({
        providerMessageId: undefined,
        reference: message.id as SendId,
        status,
        error: undefined,
        segments: undefined,
        cost: undefined,
      }))
      await recordDeliveries(shop.house, from, receipts)
    },
    cancel: async (id: string) => read(await shop.post(`/v1/batches/${id}/cancel`)),
    pass: async (byMs: number) => {
      shop.clock.advance(byMs)
      await sweep(shop.house)
      await shop.settle()
    },
    /** Free, held and spent, in micros. */
    balance: async () => {
      const { available_micros, held_micros, spent_micros } = await get('/v1/balance')
      return [available_micros, held_micros, spent_micros]
    },
    isZero: async () =>
      [...(await shop.house.ledger.trialBalance())].every(([, total]) => total === 0),
  }
}

export type BatchShop = Awaited<ReturnType<typeof openBatchShop>>
