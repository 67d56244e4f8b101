import type { FakeSpec } from './fake-provider.ts'

export const COUNTRIES = ['GB', 'DE', 'FR'] as const
export type SimCountry = (typeof COUNTRIES)[number]

/** Five providers: who is cheapest differs by country, and none is the best everywhere. */
export const FAKES: readonly FakeSpec[] = [
  {
    id: 'alder',
    costMicros: { GB: 20_000, DE: 44_000, FR: 30_000 },
    deliveryShare: 0.982,
    answerMs: 150,
    hasQuery: true,
    isIdempotent: true,
    echoes: true,
  },
  {
    id: 'beech',
    costMicros: { GB: 22_000, DE: 40_000, FR: 31_500 },
    deliveryShare: 0.985,
    answerMs: 250,
    hasQuery: true,
    isIdempotent: false,
    echoes: true,
  },
  {
    id: 'cedar',
    costMicros: { GB: 23_000, DE: 42_000, FR: 29_000 },
    deliveryShare: 0.98,
    answerMs: 120,
    hasQuery: false,
    isIdempotent: false,
    echoes: false,
  },
  {
    id: 'dogwood',
    costMicros: { GB: 26_000, DE: 50_000, FR: 36_000 },
    deliveryShare: 0.99,
    answerMs: 300,
    hasQuery: true,
    isIdempotent: true,
    echoes: true,
  },
  {
    id: 'elder',
    costMicros: { GB: 31_000, DE: 58_000, FR: 42_000 },
    deliveryShare: 0.99,
    answerMs: 200,
    hasQuery: false,
    isIdempotent: false,
    echoes: true,
  },
]

/** The `index`-th mobile number of a country; all of them have a shape that its plan allows. */
export const NUMBERS: Readonly<Record<SimCountry, (index: number) => string>> = {
  GB: (index) => `+447400${String(index % 1_000_000).padStart(6, '0')}`,
  DE: (index) => `+4915123${String(index % 1_000_000).padStart(6, '0')}`,
  FR: (index) => `+336120${String(index % 100_000).padStart(5, '0')}`,
}

/** Routes as an operator would write them; `kind` is theirs or ours. */
export const routesOf = (kind: string) => ({
  providers: Object.fromEntries(FAKES.map(({ id }) => [id, { kind, cost_micros: 30_000 }])),
  routes: [{ match: {}, use: FAKES.map(({ id }) => id) }],
})

export const COSTS_CSV = [
  'provider,channel,country,currency,cost',
  ...FAKES.flatMap(({ id, costMicros }) =>
    Object.entries(costMicros).map(([country, cost]) => `${id},sms,${country},USD,${cost / 1e6}`),
  ),
].join('\n')

/** Some countries pay when a provider accepts, one when the text is delivered. */
export const PRICES_YAML = `
currency: USD
default: 0.1
voice: { multiplier: 10 }
sms:
  GB: 0.04
  DE: { price: 0.075, bill_on: delivered }
  FR: 0.065
`
