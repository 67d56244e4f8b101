import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Harness, openHarness } from '../support/harness.ts'
import { PERSON, phoneOf, read } from './suites/door-house.ts'

const BODIES = 10_000
const SEED = Number(process.env.SEED ?? 20260302)

type Target = {
  /** POST, if it names none. */
  readonly method?: 'PUT' | 'PATCH'
  readonly path: string
  readonly example: unknown
  /** Makes a fresh thing for the path to be about, now and then. */
  readonly renew?: () => Promise<string>
}

const TOKEN = 'receipts-token'
const ROUTES = `
providers:
  cheap:
    kind: http
    settings: { url: "http://127.0.0.1:9/send", receipt_token: "${TOKEN}" }
    cost_micros: 20000
routes:
  - { match: {}, use: [cheap] }
`
/** On the allow list, or the rules would soon answer what the fuzz provokes. */
const KNOWN_DEVICE = 'known-device'
/** A verification is over after a few checks, and then says nothing new. */
const RUNS_PER_VERIFICATION = 25

/** Everything that takes a body, each with one that it takes. What may stop later requests comes last. */
async function targetsOf(house: Harness): Promise<readonly Target[]> {
  let count = 0
  let hook: ReturnType<typeof read> | undefined
  const onVerification = (tail: string) => async () => {
    const client = { ...PERSON, device_id: KNOWN_DEVICE }
    const started = await house.post('/v1/verifications', { to: phoneOf(100 + count++), client })
    expect(started.status).toBe(201)
    return `/v1/verifications/${String((await read(started)).body.id)}${tail}`
  }
  const onWebhook = (tail: string) => async () => {
    hook ??= house.post('/v1/webhooks', { url: 'https://example.com', types: ['*'] }).then(read)
    return `/v1/webhooks/${String((await hook).body.id)}${tail}`
  }
  const service = await read(await house.post('/v1/services', { name: 'Changed' }))
  return [
    {
      path: '/v1/verifications',
      example: {
        to: phoneOf(2),
        channel: 'sms',
        purpose: 'login',
        locale: 'en-GB',
        code_length: 6,
        client: {
          ...PERSON,
          client_hints: { mobile: '?1', platform: 'iOS' },
          device_id: KNOWN_DEVICE,
          ja4: 't13d1516h2_8daaf6152771_02713d6af862',
          network: { country: 'GB', asn: 2856 },
        },
        challenge: { challenge: {}, solution: {} },
        amount: '1 EUR',
        payee: 'Somebody',
        metadata: { order: '17' },
      },
    },
    {
      path: '/check',
      renew: onVerification('/check'),
      example: { code: '123456', amount: '1 EUR', payee: 'x' },
    },
    {
      path: '/resend',
      renew: onVerification('/resend'),
      example: { client: { ...PERSON, device_id: KNOWN_DEVICE } },
    },
    { path: '/cancel', renew: onVerification('/cancel'), example: {} },
    { path: '/v1/fraud-reports', example: { ip: '198.51.100.9', label: 'fraud', note: 'Seen.' } },
    {
      path: '/v1/services',
      example: {
        name: 'Sign-up',
        ttl_seconds: 300,
        channels: ['sms'],
        template: 'Code {code}',
        countries: ['GB', 'FR'],
        daily_budget_micros: 5_000_000,
        block_response: 'silent',
      },
    },
    { path: '/v1/keys', example: { name: 'n', scopes: ['verify'], allowed_ips: ['10.0.0.0/8'] } },
    {
      path: '/v1/lists/block',
      example: { kind: 'asn', value: 'AS64500', expires_at: '2027-01-01T00:00:00Z' },
    },
    {
      path: '/v1/balance/top-ups',
      example: { amount_micros: 5_000_000, currency: 'USD', reference: 'INV-7' },
    },
    {
      path: '/v1/webhooks',
      example: {
        url: 'https://example.com:8443/hook?token=a',
        types: ['verification.*', 'budget.reached'],
        description: 'Ours.',
        enabled: false,
      },
    },
    { path: '/rotate-secret', renew: onWebhook('/rotate-secret'), example: { overlap_seconds: 5 } },
    { path: '/test', renew: onWebhook('/test'), example: {} },
    {
      path: '/replay',
      renew: onWebhook('/replay'),
      example: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', delivered: true },
    },
    { path: '/receipts/http/cheap', example: { id: 'm-1', status: 'delivered' } },
    {
      method: 'PATCH',
      path: `/v1/services/${String(service.body.id)}`,
      example: { name: 'Sign-up', countries: ['GB'], hourly_budget_micros: 5_000_000 },
    },
    {
      method: 'PATCH',
      path: '',
      renew: onWebhook(''),
      example: { types: ['budget.reached'], description: 'Ours.', enabled: true },
    },
    {
      path: '/v1/packages',
      example: {
        market: 'domestic',
        kind: 'otp',
        countries: ['CN'],
        segments: 5,
        expires_at: '2027-01-01T00:00:00Z',
        reference: 'ORDER-31',
        price_micros: 12_000,
      },
    },
    {
      path: '/v1/balance/adjustments',
      example: { amount_micros: 6_000, currency: 'USD', reference: 'T-1', reason: 'Never arrived' },
    },
    {
      method: 'PUT',
      path: '/v1/budgets',
      example: {
        service: house.account.defaultServiceId,
        country: 'FR',
        period: 'day',
        kind: 'hard',
        limit_micros: 5_000_000,
        alerts: [0.5, 0.8, 1],
      },
    },
  ]
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u0000',
    '\u001b[2J',
    '\ud800',
    '\u2028',
    '',
    ' ',
    '__proto__',
    '../../etc',
    '%00',
    "';--",
  ),
  fc.string({ minLength: 2_000, maxLength: 3_000 }),
)
const anything = fc.oneof(
  { weight: 3, arbitrary: nasty },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1.5, 1e308, 2 ** 53, null, true, [], {}) },
)

/** A good body with one to three of its members, at any depth, taken away, renamed or replaced. */
const nearValid = (example: unknown) =>
  fc
    .array(fc.tuple(fc.nat(), fc.nat(2), anything, nasty), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const body = structuredClone(example)
      for (const [where, how, value, name] of changes) mutate(body, where, { how, value, name })
      return JSON.stringify(body)
    })

/** A good body that leaves some of its members out: most of these are taken. */
const partial = (example: unknown) =>
  fc.nat().map((bits) => {
    const members = Object.entries(example as Owner)
    return JSON.stringify(
      Object.fromEntries(members.filter((_, index) => (bits >> index) % 4 !== 0)),
    )
  })

type Change = { readonly how: number; readonly value: unknown; readonly name: string }

function mutate(body: unknown, where: number, { how, value, name }: Change): void {
  const places = placesIn(body)
  const [owner, key] = places[where % Math.max(1, places.length)] ?? [body as Owner, 'colour']
  if (how === 0) delete owner[key]
  if (how === 1) owner[key] = value
  if (how === 2) owner[name] = value
}

type Owner = Record<string, unknown>

function placesIn(node: unknown): [Owner, string][] {
  if (typeof node !== 'object' || node === null) return []
  const owner = node as Owner
  return Object.keys(owner).flatMap((key) => [[owner, key], ...placesIn(owner[key])])
}

const broken = (example: unknown) =>
  fc
    .tuple(fc.nat(), fc.nat(8), fc.string({ unit: 'binary', maxLength: 4 }))
    .map(([at, cut, put]) => {
      const text = JSON.stringify(example)
      const start = at % (text.length + 1)
      return text.slice(0, start) + put + text.slice(start + cut)
    })

const huge = fc
  .integer({ min: 60_000, max: 70_000 })
  .map((length) => `{"to":"${'9'.repeat(length)}"}`)

const bodyFor = (example: unknown): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> =>
  fc.oneof(
    { weight: 8, arbitrary: nearValid(example) },
    { weight: 2, arbitrary: partial(example) },
    { weight: 4, arbitrary: broken(example) },
    { weight: 3, arbitrary: fc.json({ maxDepth: 6 }) },
    {
      weight: 2,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
    },
    { weight: 1, arbitrary: huge },
  )

test(`${BODIES} hostile bodies get no 5xx, and every refusal says what is wrong`, async () => {
  const house = await openHarness({
    rules: { 'routes.yaml': ROUTES },
    fetch: async () => Response.json({ id: 'm-1', segments: 1 }),
  })
  await liftCaps(house)
  const targets = await targetsOf(house)
  const seen: Record<string, number> = {}
  for (const { method = 'POST', path, example, renew } of targets) {
    let at = path
    let runs = 0
    await fc.assert(
      fc.asyncProperty(bodyFor(example), async (body) => {
        if (renew !== undefined && runs++ % RUNS_PER_VERIFICATION === 0) at = await renew()
        const answer = await sendFuzzed(house, `${method} ${at}`, body)
        seen[answer.status] = (seen[answer.status] ?? 0) + 1
        expectCivil(answer)
      }),
      { numRuns: Math.ceil(BODIES / targets.length), seed: SEED, endOnFailure: true },
    )
  }
  await house.settle()
  expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(BODIES)
  // The fuzz is worth something only if it gets past the first check as well.
  for (const status of [200, 201, 204, 400, 413]) expect(seen[status] ?? 0).toBeGreaterThan(20)
  expect(house.logs.join()).not.toContain(phoneOf(2).slice(1))
})

/** Or most requests would stop at the caps of their number. */
async function liftCaps(house: Harness): Promise<void> {
  const caps = { phone_per_minute: 1000, phone_per_hour: 1000, phone_per_day: 1000 }
  const path = `/v1/services/${house.account.defaultServiceId}`
  const { status } = await house.patch(path, { ...caps, attempts_max: 10, sends_max: 10 })
  expect(status).toBe(200)
  const known = { kind: 'device', value: KNOWN_DEVICE }
  expect((await house.post('/v1/lists/allow', known)).status).toBe(201)
}

async function sendFuzzed(house: Harness, to: string, body: string | Uint8Array<ArrayBuffer>) {
  const [method = '', path = ''] = to.split(' ')
  // A number gets no more than forty codes a day.
  house.clock.advance(path === '/v1/verifications' ? 2_400_000 : 1_000)
  const headers = {
    authorization: house.keys.admin,
    'content-type': 'application/json',
    'x-receipt-token': TOKEN,
  }
  return read(await house.request(path, { method, headers, body }))
}

function expectCivil({ status, body, text, headers }: Awaited<ReturnType<typeof read>>): void {
  expect(status, text).toBeLessThan(500)
  expect(text).not.toMatch(/\n\s+at |node_modules|SQLITE|Failed query/)
  if (status < 400) return
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body.code).toMatch(/^[a-z_]+$/)
  expect(body.status).toBe(status)
  const fromReceipts = body.detail === 'The receipts cannot be read.'
  if (body.code !== 'invalid_request' || fromReceipts) return
  const errors = body.errors as { pointer: string; detail: string }[]
  expect(errors.length, text).toBeGreaterThan(0)
  for (const { pointer, detail } of errors) {
    expect(pointer).toMatch(/^(\/|query:|header:|$)/)
    expect(detail).not.toBe('')
  }
}
