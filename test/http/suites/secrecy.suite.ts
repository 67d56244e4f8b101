import { expect, test } from 'vitest'
import {
  call,
  codeFor,
  type DoorHouse,
  issue,
  type OpenHouse,
  PERSON,
  phoneOf,
  problemIn,
  read,
} from './door-house.ts'

const TO = phoneOf(8)
const DIGITS = TO.slice(1)

/** What must never be said, in a log or to a caller. */
export function secrecySuite(open: OpenHouse): void {
  test('no log line knows a number, a code, a secret, an address or what a caller wrote', async () => {
    const house = await open()
    const secrets = await liveThrough(house)
    const log = house.logs.join('\n')
    expect(house.logs.length).toBeGreaterThan(10)
    for (const secret of secrets) expect(log).not.toContain(secret)
    // Ids hold long runs of hex digits, and one of those may spell six digits by chance.
    const withoutIds = log.replaceAll(/[A-Z]{2}[0-9a-f]{32}/g, 'id')
    expect(withoutIds).not.toContain(DIGITS.slice(-7))
  })

  test('every request has one log line with its pattern, status and request id', async () => {
    const house = await open()
    const id = await issue(house, TO)
    await house.settle()
    const before = house.logs.length
    const answer = await call(house, `GET /v1/verifications/${id}?to=${encodeURIComponent(TO)}`)
    const lines = house.logs.slice(before).map((line) => JSON.parse(line))
    expect(lines).toEqual([
      expect.objectContaining({
        event: 'request.answered',
        method: 'GET',
        route: '/v1/verifications/{id}',
        status: 400,
        code: 'invalid_request',
        request_id: answer.headers.get('x-request-id'),
      }),
    ])
    for (const path of ['/healthz', '/v1/nothing/here', '/nothing', '/receipts/sandbox/inbox']) {
      await house.request(path)
    }
    const routes = house.logs.slice(before + 1).map((line) => JSON.parse(line).route)
    expect(routes).toEqual(['/healthz', '/v1/*', '/*', '/receipts/:kind/:provider/:token?'])
  })

  test('no answer of ours shows a whole number or a code, but the sandbox', async () => {
    const house = await open()
    const id = await issue(house, TO)
    const code = await codeFor(house, TO)
    await call(house, 'POST /v1/fraud-reports', { json: { to: TO, label: 'legit' } })
    const paths = [
      '/v1/verifications',
      `/v1/verifications/${id}`,
      `/v1/verifications/${id}/decision`,
      '/v1/fraud-reports',
      '/v1/reports/fraud?group_by=range',
      '/v1/ledger',
      '/v1/account',
    ]
    for (const path of paths) {
      const { status, text } = await call(house, `GET ${path}`)
      expect(status).toBe(200)
      expect(text).not.toContain(DIGITS)
      expect(text).not.toContain(`"${code}"`)
    }
  })

  test('a broken database answers 500 without telling the caller or the log why', async () => {
    const house = await open()
    house.breakStore()
    const answer = await call(house, 'POST /v1/verifications', { json: { to: TO, client: PERSON } })
    expect(answer.status).toBe(500)
    expect(problemIn(answer)).toEqual({ code: 'internal', pointers: [] })
    expect(answer.body).not.toHaveProperty('detail')
    const last = JSON.parse(house.logs.at(-1) ?? '{}')
    expect(last).toMatchObject({ level: 'error', status: 500, code: 'internal', cause: 'Error' })
    expect(last.where).toMatch(/^[\w.-]+:\d+:\d+$/)
    expect(answer.text + house.logs.join()).not.toMatch(/Failed query|at .*\.ts/)
    expect(answer.text + house.logs.join()).not.toContain(DIGITS)
  })
}

/** A little of everything, with words that can be looked for afterwards. */
async function liveThrough(house: DoorHouse): Promise<readonly string[]> {
  const json = {
    to: TO,
    purpose: 'purpose-word',
    client: { ...PERSON, device_id: 'device-word' },
    metadata: { note: 'metadata-word' },
  }
  const { body } = await call(house, 'POST /v1/verifications', { json })
  const code = await codeFor(house, TO)
  const line = `POST /v1/verifications/${String(body.id)}/check`
  await call(house, line, { json: { code: '998877' } })
  await call(house, line, { json: { code } })
  await call(house, 'POST /v1/verifications', { json })
  await call(house, 'POST /v1/verifications', { json: { ...json, to: `${TO}99` } })
  await call(house, 'POST /v1/lists/block', {
    json: { kind: 'phone', value: TO, note: 'note-word' },
  })
  await call(house, 'POST /v1/verifications', { json })
  await call(house, `GET /v1/verifications?to=${TO}&word=query-word`)
  const made = await call(house, 'POST /v1/keys', {
    json: { name: 'key-word', scopes: ['verify'] },
  })
  const authorization = `Basic ${btoa(`${String(made.body.id)}:wrong-secret-word`)}`
  await read(await house.request('/v1/account', { headers: { authorization } }))
  const words = ['purpose', 'device', 'metadata', 'note', 'query', 'key', 'wrong-secret']
  return [
    DIGITS,
    DIGITS.slice(2),
    `"${code}"`,
    '998877',
    String(made.body.secret),
    ...Object.values(house.keys).map((key) => atob(key.slice(6)).split(':')[1] ?? ''),
    PERSON.ip,
    'Mozilla',
    ...words.map((word) => `${word}-word`),
  ]
}
