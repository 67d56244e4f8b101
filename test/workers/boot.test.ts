import { exports } from 'cloudflare:workers'
import { expect, test, vi } from 'vitest'
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

test('the deployed entry lets one person in: issue, read what was sent, check, and pay once', async () => {
  await openFreshD1()
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

async function deliveredCode(): Promise<string> {
  const { body } = await call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(TO)}`)
  const [message] = body.messages as readonly { readonly body: string }[]
  const code = /\d{6}/.exec(message?.body ?? '')?.[0]
  if (code === undefined) throw new Error('nothing was delivered')
  return code
}
