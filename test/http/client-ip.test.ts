import { expect, test } from 'vitest'
import type { ClientIpPolicy } from '../../src/api/client-ip.ts'
import { openHarness } from '../support/harness.ts'
import { call, phoneOf } from './suites/door-house.ts'

const FORWARDED = { 'x-forwarded-for': '198.51.100.3, 203.0.113.9, 192.0.2.77' }
const EDGE = { 'cf-connecting-ip': '198.51.100.3' }

const through = (trustedHops: number): ClientIpPolicy => ({ from: 'x-forwarded-for', trustedHops })

/** Asks with a key that opens from one address only. */
async function askFrom(
  policy: ClientIpPolicy,
  allowed: string,
  { headers = {}, peer = '192.0.2.10' }: { headers?: Record<string, string>; peer?: string },
): Promise<number> {
  const house = await openHarness({ clientIp: policy })
  const json = { name: 'n', scopes: ['verify'], allowed_ips: [allowed] }
  const { body } = await call(house, 'POST /v1/keys', { json })
  const authorization = `Basic ${btoa(`${String(body.id)}:${String(body.secret)}`)}`
  const response = await house.request(
    '/v1/account',
    { headers: { authorization, ...headers } },
    peer,
  )
  return response.status
}

test.each([
  ['the socket', { from: 'socket', trustedHops: 1 } as const, '192.0.2.10', {}],
  [
    'the socket, in mapped form',
    { from: 'socket', trustedHops: 1 } as const,
    '192.0.2.10',
    { peer: '::ffff:192.0.2.10' },
  ],
  [
    'the edge',
    { from: 'cf-connecting-ip', trustedHops: 1 } as const,
    '198.51.100.3',
    { headers: EDGE },
  ],
  ['one proxy', through(1), '192.0.2.77', { headers: FORWARDED }],
  ['two proxies', through(2), '203.0.113.9', { headers: FORWARDED }],
])('the peer is read from %s', async (_, policy, address, ask) => {
  expect(await askFrom(policy, address, ask)).toBe(200)
})

test('a header that the policy does not name is only what the caller says', async () => {
  const headers = { ...FORWARDED, ...EDGE }
  const socket: ClientIpPolicy = { from: 'socket', trustedHops: 1 }
  expect(await askFrom(socket, '198.51.100.3', { headers })).toBe(403)
  expect(await askFrom(through(1), '198.51.100.3', { headers })).toBe(403)
})

test('where there are fewer hops than trusted ones the peer is unknown', async () => {
  expect(await askFrom(through(4), '198.51.100.3', { headers: FORWARDED })).toBe(403)
  expect(await askFrom(through(1), '192.0.2.10', {})).toBe(403)
})

test("the address of the tenant's server is never taken for the person's", async () => {
  const house = await openHarness()
  const { body } = await call(house, 'POST /v1/verifications', { json: { to: phoneOf(1) } })
  const found = await house.house.verifications.find({
    accountId: house.account.id,
    id: body.id as never,
  })
  expect(found?.ip).toBeUndefined()
  expect(Object.keys(found?.subjects ?? {})).not.toContain('ip')
})
