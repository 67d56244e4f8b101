import { expect } from 'vitest'

/** A running service as the suites of the native door see it; made for Node and for workerd by their own harnesses. */
export type DoorHouse = {
  request(path: string, init?: RequestInit, peerIp?: string): Promise<Response>
  /** `authorization` headers: two keys of one account without `admin`, its admin key, and the admin key of another account. */
  readonly keys: Readonly<Record<KeyName, string>>
  readonly clock: { nowMs(): number; advance(byMs: number): void }
  /** Waits for all background work. */
  settle(): Promise<void>
  /** Everything that was logged, a line each. */
  readonly logs: readonly string[]
  /** Makes one dependency of the next requests fail with an error whose message says too much. */
  breakStore(): void
  /** Nobody carries the next message. */
  loseNextSend(): void
  /** Closes a country for the first account; answers the id of the block. */
  closeRange(country: string): Promise<string>
}
export type KeyName = 'admin' | 'verify' | 'report' | 'other'
export type OpenHouse = () => Promise<DoorHouse>

export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
  readonly headers: Headers
}

export type Ask = {
  readonly key?: KeyName
  readonly json?: unknown
  readonly headers?: Record<string, string>
}

/** One JSON call, as admin unless told otherwise. */
export async function call(
  house: DoorHouse,
  line: string,
  { key = 'admin', json, headers = {} }: Ask = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = line.split(' ')
  const response = await house.request(path, {
    method,
    headers: {
      authorization: house.keys[key],
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  return read(response)
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, body, text, headers: response.headers }
}

/** A British mobile number; `index` is 0 to 99,999. */
export const phoneOf = (index: number): string => `+447400${100_000 + index}`

/** The kind of person that no rule objects to. */
export const PERSON = {
  ip: '81.2.69.142',
  user_agent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  accept_language: 'en-GB,en;q=0.9',
  session_age_ms: 24_000,
}

/** Issues a code as a login flow does and answers the verification's id. */
export async function issue(house: DoorHouse, to: string): Promise<string> {
  const { status, body } = await call(house, 'POST /v1/verifications', {
    key: 'verify',
    json: { to, client: PERSON },
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return String(body.id)
}

/** The code on the "phone". */
export async function codeFor(house: DoorHouse, to: string): Promise<string> {
  await house.settle()
  const path = `/v1/sandbox/messages?to=${encodeURIComponent(to)}`
  const { body } = await call(house, `GET ${path}`, { key: 'verify' })
  const [newest] = body.messages as { body: string }[]
  return /\d{4,10}/.exec(newest?.body ?? '')?.[0] ?? 'no code'
}

/** Makes sure that it is a problem with a code, and tells which and about which fields. */
export function problemIn(answer: Answer): { code: unknown; pointers: readonly string[] } {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^urn:tollgate:problem:/),
    title: expect.any(String),
    status: answer.status,
    instance: expect.stringMatching(/^urn:tollgate:request:RQ[0-9a-f]{32}$/),
    code: expect.stringMatching(/^[a-z_]+$/),
  })
  const errors = (answer.body.errors ?? []) as { pointer: string }[]
  return { code: answer.body.code, pointers: errors.map(({ pointer }) => pointer) }
}
