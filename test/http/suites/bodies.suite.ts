import { describe, expect, test } from 'vitest'
import {
  type Answer,
  type Ask,
  call,
  type DoorHouse,
  type OpenHouse,
  phoneOf,
  problemIn,
  read,
} from './door-house.ts'

const TO = phoneOf(9)
const LIMIT_BYTES = 65_536

type Raw = { readonly body: BodyInit; readonly headers?: Record<string, string> }

async function postRaw(house: DoorHouse, { body, headers = {} }: Raw): Promise<Answer> {
  const init = {
    method: 'POST',
    headers: { authorization: house.keys.admin, 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  }
  return read(await house.request('/v1/verifications', init as RequestInit))
}

const start = (house: DoorHouse, json: unknown, ask: Ask = {}) =>
  call(house, 'POST /v1/verifications', { ...ask, json })

function chunks(text: string, count: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const size = Math.ceil(bytes.length / count)
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}

/** What a body, a query or a header must be before anybody looks at what it says. */
export function bodiesSuite(open: OpenHouse): void {
  const wrongBodies: [string, Raw, number, string, string[]][] = [
    ['no body', { body: '' }, 400, 'invalid_request', ['']],
    ['broken JSON', { body: '{"to":' }, 400, 'invalid_json', []],
    ['a list', { body: '[]' }, 400, 'invalid_request', ['']],
    ['null', { body: 'null' }, 400, 'invalid_request', ['']],
    ['bad UTF-8', { body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'invalid_json', []],
    ['half a character', { body: '{"to":"\\ud800"}' }, 400, 'invalid_request', ['/to']],
    [
      'nesting without end',
      { body: `{"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}` },
      400,
      'invalid_request',
      [`/metadata${'/0'.repeat(16)}`],
    ],
    [
      'a __proto__ field',
      { body: '{"__proto__":{"to":"+44"}}' },
      400,
      'invalid_request',
      ['/__proto__'],
    ],
    [
      'a __proto__ pair',
      { body: '{"metadata":{"__proto__":"x"}}' },
      400,
      'invalid_request',
      ['/metadata/__proto__'],
    ],
    ['too much', { body: `{"to":"${'1'.repeat(LIMIT_BYTES)}"}` }, 413, 'body_too_large', []],
    [
      'too much, in chunks',
      { body: chunks(`{"to":"${'1'.repeat(LIMIT_BYTES)}"}`, 20) },
      413,
      'body_too_large',
      [],
    ],
    [
      'an announced length that is too much',
      { body: '{}', headers: { 'content-length': '65537' } },
      413,
      'body_too_large',
      [],
    ],
    [
      'text',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
      [],
    ],
    [
      'another charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'unsupported_media_type',
      [],
    ],
  ]
  test.each(wrongBodies)('%s is refused', async (_, raw, status, code, pointers) => {
    const house = await open()
    const answer = await postRaw(house, raw)
    expect(answer.status, answer.text).toBe(status)
    expect(problemIn(answer)).toEqual({ code, pointers })
  })

  test('a body that breaks off is refused, and no failure of ours', async () => {
    const house = await open()
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('the connection is gone')),
    })
    const answer = await postRaw(house, { body })
    expect(answer.status).toBe(400)
    expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: [''] })
    expect(answer.text + house.logs.join()).not.toContain('the connection is gone')
  })

  test('chunks and a byte order mark are no mistake', async () => {
    const house = await open()
    const text = `\ufeff${JSON.stringify({ to: TO })}`
    const answer = await postRaw(house, { body: chunks(text, 5) })
    expect(answer.status, answer.text).toBe(201)
  })

  test('every wrong field is named at once', async () => {
    const house = await open()
    const answer = await start(house, {
      channel: 'pigeon',
      code_length: 3,
      client: { ip: 'localhost', network: { asn: 1.5 } },
      metadata: { 'a/b': 7 },
      colour: 'red',
    })
    expect(problemIn(answer).pointers.toSorted()).toEqual(
      [
        '/to',
        '/channel',
        '/code_length',
        '/client/ip',
        '/client/network/asn',
        '/metadata/a~1b',
        '/colour',
      ].toSorted(),
    )
    expect(answer.body.errors).toContainEqual({ pointer: '/to', detail: 'is required' })
    expect(answer.body.errors).toContainEqual({
      pointer: '/channel',
      detail: 'must be one of sms, voice, whatsapp',
    })
    expect(answer.body.errors).toContainEqual({
      pointer: '/colour',
      detail: 'is not a known field',
    })
  })

  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']))
  const wrongFields: [string, Record<string, unknown>, string][] = [
    ['21 metadata pairs', { metadata: pairs(21) }, '/metadata'],
    [
      'a metadata key of 41',
      { metadata: { ['k'.repeat(41)]: 'v' } },
      `/metadata/${'k'.repeat(41)}`,
    ],
    ['a metadata value of 201', { metadata: { key: 'v'.repeat(201) } }, '/metadata/key'],
    ['a control character in metadata', { metadata: { key: 'a\u0000b' } }, '/metadata/key'],
    ['a control character in a purpose', { purpose: 'log\u001bin' }, '/purpose'],
    ['a line break in a user agent', { client: { user_agent: 'a\r\nb' } }, '/client/user_agent'],
    ['a user agent of 1025', { client: { user_agent: 'a'.repeat(1025) } }, '/client/user_agent'],
    ['an octal address', { client: { ip: '010.0.0.1' } }, '/client/ip'],
    ['an address with a zone', { client: { ip: 'fe80::1%eth0' } }, '/client/ip'],
    [
      'a country that is none',
      { client: { network: { country: 'XX' } } },
      '/client/network/country',
    ],
    ['an endless session', { client: { session_age_ms: 1e300 } }, '/client/session_age_ms'],
    ['a challenge that is none', { challenge: 17 }, '/challenge'],
    ['a service id that is none', { service: 'VA1' }, '/service'],
  ]
  test.each(wrongFields)('%s is refused by name', async (_, fields, pointer) => {
    const house = await open()
    const answer = await start(house, { to: TO, ...fields })
    expect(answer.status, answer.text).toBe(400)
    expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: [pointer] })
  })

  test('metadata at its bounds is taken and given back', async () => {
    const house = await open()
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [String(index).padStart(40, 'k'), 'é'.repeat(200)]),
    )
    const answer = await start(house, { to: TO, metadata })
    expect(answer.status, answer.text).toBe(201)
    const found = await call(house, `GET /v1/verifications/${String(answer.body.id)}`)
    expect(found.body.metadata).toEqual(metadata)
  })

  describe('queries', () => {
    test.each([
      ['?limit=0', 'query:limit'],
      ['?limit=101', 'query:limit'],
      ['?limit=1e1', 'query:limit'],
      ['?limit=', 'query:limit'],
      ['?limit=1&limit=2', 'query:limit'],
      ['?cursor=VE12', 'query:cursor'],
      ['?from=yesterday', 'query:from'],
      ['?to_time=2026-13-01T00:00:00Z', 'query:to_time'],
      ['?outcome=maybe', 'query:outcome'],
      ['?to=%2B1', 'query:to'],
      ['?__proto__=1', 'query:__proto__'],
      ['?%00=1', 'query:\u0000'],
    ])('%s is refused by name', async (query, pointer) => {
      const house = await open()
      const answer = await call(house, `GET /v1/verifications${query}`)
      expect(answer.status).toBe(400)
      expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: [pointer] })
    })

    test('a report cannot end before it starts', async () => {
      const house = await open()
      const query = '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'
      const answer = await call(house, `GET /v1/reports/fraud${query}`)
      expect(problemIn(answer).pointers).toEqual(['query:from'])
    })
  })

  test.each(['VE1', 'VE%00', '%E0%A4%A', `ve${'0'.repeat(32)}`, `VE${'G'.repeat(32)}`])(
    'the id %s is an id that nothing has',
    async (id) => {
      const house = await open()
      const answer = await call(house, `GET /v1/verifications/${id}`)
      expect(answer.status).toBe(404)
      expect(problemIn(answer).code).toBe('not_found')
    },
  )

  test('a fraud report names exactly one subject', async () => {
    const house = await open()
    for (const json of [
      { label: 'fraud' },
      { label: 'fraud', ip: '198.51.100.9', range: '+4474' },
    ]) {
      const answer = await call(house, 'POST /v1/fraud-reports', { json })
      expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: [''] })
    }
  })
}
