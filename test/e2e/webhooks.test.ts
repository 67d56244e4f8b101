import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { britishMobile } from './unguarded.ts'

type Got = { readonly headers: Record<string, string>; readonly body: string }

type Deliveries = { readonly deliveries: readonly { readonly attempts: readonly unknown[] }[] }

/** A customer's server that is down for its first request. */
async function openReceiver() {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    got.push({ headers: request.headers as Record<string, string>, body })
    response.writeHead(got.length === 1 ? 503 : 200).end('thanks')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got }
}

test('a running server calls a receiver on this machine only where the operator allows it', async () => {
  const { url } = await openReceiver()
  const server = await startBundle(await temporaryDataDir())
  const refused = await server.call('POST', '/v1/webhooks', { url, types: ['*'] })
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/url' }] } })
  const named = { url: 'https://localhost.localdomain/', types: ['*'] }
  expect((await server.call('POST', '/v1/webhooks', named)).status).toBe(400)
})

test('an event survives a receiver that is down and a server that is killed', async () => {
  const { url, got } = await openReceiver()
  const dataDir = await temporaryDataDir()
  const environment = { TOLLGATE_WEBHOOK_TARGETS: 'any' }
  const first = await startBundle(dataDir, environment)
  const made = await first.call('POST', '/v1/webhooks', { url, types: ['verification.started'] })
  const { id, secret } = made.body as { readonly id: string; readonly secret: string }
  const pending = async () =>
    (await first.call('GET', `/v1/webhooks/${id}/deliveries`)).body as Deliveries
  const issued = await first.call('POST', '/v1/verifications', { to: britishMobile(1) })
  await expect
    .poll(async () => (await pending()).deliveries[0]?.attempts, { timeout: 10_000 })
    .toMatchObject([{ status: 503, answer: 'thanks' }])
  await first.kill()
  const second = await startBundle(dataDir, environment)
  await expect.poll(() => got.length, { timeout: 60_000 }).toBe(2)
  const events = got.map(({ body, headers }) => new Webhook(secret).verify(body, headers))
  expect(events[1]).toEqual(events[0])
  expect(events[0]).toMatchObject({ data: { id: (issued.body as { id: string }).id } })
  expect(await second.stop()).toBe(0)
})
