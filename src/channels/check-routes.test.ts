import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { seededDice, virtualClock, virtualPlatform } from '../platform/virtual.ts'
import { buildProviders, checkRoutes } from './check-routes.ts'
import { PROVIDER_KINDS } from './kinds.ts'

/** Writes `<NAME>` as the reference that the file has. */
const referring = (text: string): string =>
  text.replace(/<([^>]*)>/g, (_whole, name) => `\${${name}}`)
const TRAP = referring('k-1<TRAP>')
const ENVIRONMENT = { CHEAP_KEY: TRAP, CHEAP_RECEIPTS: 'receipts-token', EMPTY: '' }
const EXAMPLE = `
providers:
  cheap: { kind: http, settings: { url: "http://127.0.0.1:9001/send", headers: { x-api-key: "<CHEAP_KEY>" }, timeout_ms: 2000, receipt_token: "<CHEAP_RECEIPTS>" }, cost_micros: 20000 }
  inbox: { kind: sandbox }
routes:
  - { match: { channel: sms, country: [GB, FR] }, use: [cheap, inbox] }
  - { match: {}, use: [inbox] }
`
const check = (text: string) => checkRoutes(parse(referring(text)), ENVIRONMENT, PROVIDER_KINDS)
const withProvider = (entry: string): string =>
  `{ providers: { one: ${entry}, inbox: { kind: sandbox } }, routes: [{ match: {}, use: [one] }] }`
const withRoutes = (routes: string): string =>
  `{ providers: { a: { kind: sandbox }, b: { kind: sandbox } }, routes: ${routes} }`

function goodIn(text: string) {
  const result = check(text)
  if (result.kind === 'bad') throw new Error(JSON.stringify(result.mistakes))
  return result.checked
}
function mistakesIn(text: string) {
  const result = check(text)
  return result.kind === 'bad' ? result.mistakes : []
}

test('the documented example is good, with the environment in its place', async () => {
  const checked = goodIn(EXAMPLE)
  expect(checked.providers.map(({ id, kind, costMicros }) => [id, kind, costMicros])).toEqual([
    ['cheap', 'http', 20_000],
    ['inbox', 'sandbox', 0],
  ])
  const headers: Headers[] = []
  const platform = virtualPlatform({
    clock: virtualClock(0),
    dice: seededDice(1),
    fetch: async (_input, init) => {
      headers.push(new Headers(init?.headers))
      return Response.json({ id: 'm' })
    },
  })
  const sandbox = { put: async () => {}, list: async () => [] }
  const publicUrl = 'https://otp.example.com'
  const providers = buildProviders(checked, { platform, sandbox, publicUrl })
  expect([...providers.keys()]).toEqual(['cheap', 'inbox'])
  const message = { id: 'VL1', to: '+44', from: undefined, body: 'b', channel: 'sms', segments: 1 }
  await providers.get('cheap')?.provider.send(message as never, 1000)
  expect(providers.get('cheap')?.receiptUrl).toBe('https://otp.example.com/receipts/http/cheap')
  expect(headers[0]?.get('x-api-key')).toBe(TRAP)
})

test('the routes file that comes with the project is good', () => {
  const text = readFileSync(new URL('../../rules/routes.yaml', import.meta.url), 'utf8')
  expect(goodIn(text).providers.map((provider) => provider.kind)).toEqual(['sandbox'])
})

test.each([
  ['an unknown kind', '{ kind: pigeon }', ['kind'], 'expected one of sandbox, http'],
  ['a missing kind', '{}', ['kind'], 'expected string'],
  ['an unknown member', '{ kind: sandbox, cost: 1 }', ['cost'], 'unknown field'],
  ['a fraction of a micro', '{ kind: sandbox, cost_micros: 0.5 }', ['cost_micros'], 'expected int'],
  ['a negative cost', '{ kind: sandbox, cost_micros: -1 }', ['cost_micros'], '>=0'],
  [
    'a setting the kind does not have',
    '{ kind: sandbox, settings: { a: 1 } }',
    ['settings', 'a'],
    'unknown field',
  ],
  ['a missing setting', '{ kind: http }', ['settings', 'url'], 'expected string'],
  [
    'a variable that is not set',
    '{ kind: http, settings: { url: "https://a.example/", headers: { k: "<NOPE>" } } }',
    ['settings', 'headers', 'k'],
    'the environment variable NOPE is not set',
  ],
  [
    'a variable that is empty',
    '{ kind: http, settings: { url: "https://a.example/", receipt_token: "<EMPTY>" } }',
    ['settings', 'receipt_token'],
    'the environment variable EMPTY is not set',
  ],
  [
    'a reference that is no name',
    '{ kind: http, settings: { url: "https://a.example/", body: { a: [ "<a b>" ] } } }',
    ['settings', 'body', 'a', 0],
    'with capital letters',
  ],
])('%s is refused where it stands', (_claim, entry, path, message) => {
  const mistakes = mistakesIn(withProvider(entry))
  expect(mistakes.map((mistake) => mistake.path)).toEqual([['providers', 'one', ...path]])
  expect(mistakes[0]?.message).toContain(message)
})

test.each([
  ['an unknown provider', '[{ match: {}, use: [a, c] }]', [0, 'use', 1], 'there is no provider c'],
  [
    'a provider twice',
    '[{ match: {}, use: [a, b, a] }]',
    [0, 'use', 2],
    'a is in this list already',
  ],
  ['nobody to use', '[{ match: {}, use: [] }]', [0, 'use'], 'one or more'],
  ['no match', '[{ use: [a] }]', [0, 'match'], 'expected object'],
  [
    'an unknown match',
    '[{ match: { region: EU }, use: [a] }]',
    [0, 'match', 'region'],
    'unknown field',
  ],
  [
    'a channel that is not one',
    '[{ match: { channel: fax }, use: [a] }]',
    [0, 'match', 'channel'],
    'sms, voice',
  ],
  [
    'a country that is not one',
    '[{ match: { country: [GB, XX] }, use: [a] }]',
    [0, 'match', 'country', 1],
    'such as GB',
  ],
  [
    'an empty list',
    '[{ match: { country: [] }, use: [a] }]',
    [0, 'match', 'country'],
    'one or more',
  ],
  [
    'a service that is not one',
    '[{ match: { service: login }, use: [a] }]',
    [0, 'match', 'service'],
    'a service id',
  ],
  [
    'a route behind one for everything',
    '[{ match: {}, use: [a] }, { match: { country: GB }, use: [b] }]',
    [1],
    'route 1 above',
  ],
  [
    'the same route twice',
    '[{ match: { country: GB }, use: [a] }, { match: { country: GB }, use: [b] }]',
    [1],
    'never reached',
  ],
  [
    'a narrower route behind a wider one',
    '[{ match: { country: [GB, FR] }, use: [a] }, { match: { country: FR, channel: sms }, use: [b] }]',
    [1],
    'never reached',
  ],
])('%s is refused where it stands in the routes', (_claim, routes, path, message) => {
  const mistakes = mistakesIn(withRoutes(routes))
  expect(mistakes.map((mistake) => mistake.path)).toEqual([['routes', ...path]])
  expect(mistakes[0]?.message).toContain(message)
})

test('a route that overlaps an earlier one only in part is fine', () => {
  const routes =
    '[{ match: { country: GB, channel: sms }, use: [a] }, { match: { country: GB }, use: [b] }, { match: {}, use: [a] }]'
  expect(goodIn(withRoutes(routes)).routes).toHaveLength(3)
})

test('every mistake is named at once', () => {
  const text = `
providers:
  one: { kind: pigeon }
  two: { kind: http, settings: { url: "<NOPE>" } }
routes:
  - { match: {}, use: [three] }
  - { match: {}, use: [one] }
`
  expect(mistakesIn(text).map((mistake) => mistake.path)).toEqual([
    ['providers', 'one', 'kind'],
    ['providers', 'two', 'settings', 'url'],
    ['routes', 0, 'use', 0],
    ['routes', 1],
  ])
})

test.each([
  ['null'],
  ['[]'],
  ['7'],
  ['{}'],
  ['{ providers: {}, routes: [] }'],
  ['{ providers: { "a b": { kind: sandbox } }, routes: [{ match: {}, use: [x] }] }'],
])('the file %s is refused', (text) => {
  expect(mistakesIn(text).length).toBeGreaterThan(0)
})

test('channels that take over from each other in a circle are refused, once, and a line is not', () => {
  const withFallbacks = (fallbacks: string) =>
    mistakesIn(
      `{ providers: { a: { kind: sandbox } }, routes: [{ match: {}, use: [a] }], fallbacks: ${fallbacks} }`,
    )
  expect(withFallbacks('{ sms: whatsapp, whatsapp: voice }')).toEqual([])
  expect(withFallbacks('{ sms: sms }')).toMatchObject([{ path: ['fallbacks', 'sms'] }])
  const circle = withFallbacks('{ sms: whatsapp, whatsapp: voice, voice: sms }')
  expect(circle).toHaveLength(1)
  expect(circle[0]?.message).toMatch(/^a circle: .* -> .* -> .* -> /)
  expect(withFallbacks('{ sms: pigeon }')).toHaveLength(1)
})
