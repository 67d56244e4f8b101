import { exports } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { beforeAll, expect, test, vi } from 'vitest'
import { openFreshD1 } from './databases.ts'
import { AUTHORIZATION } from './key.ts'

const TO = '+447400123456'

const call = async (method: string, path: string, body?: unknown) => {
  const response = await exports.default.fetch(`https://tollgate.test${path}`, {
    method,
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

// The entry lives as long as the file: what it knows of the database must stay true.
beforeAll(openFreshD1)

test('the deployed entry lets one person in: issue, read what was sent, check, and pay once', async () => {
  expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  const issued = await call('POST', '/v1/verifications', { to: TO })
  expect(issued).toMatchObject({ status: 201, body: { status: 'pending' } })
  const code = await vi.waitFor(deliveredCode, { timeout: 10_000 })
  const checked = await call('POST', `/v1/verifications/${issued.body.id}/check`, { code })
  expect(checked).toMatchObject({ status: 200, body: { status: 'approved', valid: true } })
  const { entries } = (await call('GET', '/v1/ledger')).body as {
    readonly entries: readonly { readonly amount_micros: number }[]
  }
  expect(entries.reduce((sum, { amount_micros }) => sum + amount_micros, 0)).toBe(0)
})

test('it tells a customer what happened, signed, right after the request', async () => {
  const url = 'https://hooks.example.com/tollgate'
  const made = await call('POST', '/v1/webhooks', { url, types: ['verification.started'] })
  expect(made.status).toBe(201)
  const issued = await call('POST', '/v1/verifications', { to: '+447400123789' })
  const [got] = await vi.waitFor(receivedEvents, { timeout: 10_000 })
  const event = new Webhook(String(made.body.secret)).verify(got?.body ?? '', got?.headers ?? {})
  expect(event).toMatchObject({ type: 'verification.started', data: { id: issued.body.id } })
  expect(got?.url).toBe(url)
  const refused = await call('POST', '/v1/webhooks', { url: 'https://[::1]/', types: ['*'] })
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/url' }] } })
})

type Received = { readonly url: string; headers: Record<string, string>; readonly body: string }

async function receivedEvents(): Promise<readonly Received[]> {
  const response = await fetch('https://hooks.example.com/received')
  const received = (await response.json()) as readonly Received[]
  if (received.length === 0) throw new Error('nothing was received')
  return received
}

async function deliveredCode(): Promise<string> {
  const { body } = await call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(TO)}`)
  const [message] = body.messages as readonly { readonly body: string }[]
  const code = /\d{6}/.exec(message?.body ?? '')?.[0]
  if (code === undefined) throw new Error('nothing was delivered')
  return code
}
