import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Posted, postWebhook } from '../../src/flows/post-webhook.ts'
import { openResolver, openTargetFetch, type Resolve } from '../../src/node-target-fetch.ts'
import {
  deadUrl,
  type MisbehavingServer,
  openMisbehavingServer,
} from '../providers/misbehaving-server.ts'

const MESSAGE = { headers: { 'webhook-id': 'EV1' }, body: '{"type":"webhook.test"}' }
/** Long enough for what answers at all on this machine. */
const PATIENT_MS = 20_000

let server: MisbehavingServer
beforeAll(async () => {
  server = await openMisbehavingServer()
  return server.close
})

const post = (path: string, timeoutMs = PATIENT_MS): Promise<Posted> =>
  postWebhook(openTargetFetch('any'), `${server.url}${path}`, { ...MESSAGE, timeoutMs })

test.each<readonly [string, Partial<Posted>]>([
  ['/ok', { status: 200, error: undefined, answer: '{"id":"m-1","segments":1}' }],
  ['/error', { status: 500, error: 'not_2xx', answer: '<html>no</html>' }],
  ['/refused', { status: 400, error: 'not_2xx' }],
  ['/throttled', { status: 429, error: 'not_2xx' }],
  ['/redirect', { status: 302, error: 'redirected' }],
  ['/huge', { status: 200, error: undefined, answer: ' '.repeat(1_024) }],
  ['/half', { status: 200, error: undefined, answer: '{"id":' }],
  ['/reset', { status: undefined, error: 'econnreset' }],
])('a receiver that does %s', async (path, expected) => {
  expect(await post(path)).toMatchObject(expected)
})

test('a receiver that never answers is given up in time, one that never ends has answered', async () => {
  expect(await post('/silent', 200)).toMatchObject({ status: undefined, error: 'timeout' })
  expect(await post('/slow', 2_000)).toMatchObject({ status: 200, error: undefined })
})

test('a redirect is not followed, wherever it leads', async () => {
  const asked = server.paths.length
  await post('/redirect')
  expect(server.paths.slice(asked)).toEqual(['/redirect'])
})

test('a receiver that is not there', async () => {
  const url = await deadUrl()
  const posted = await postWebhook(openTargetFetch('any'), url, {
    ...MESSAGE,
    timeoutMs: PATIENT_MS,
  })
  expect(posted).toMatchObject({ status: undefined, error: 'econnrefused' })
})

/** A resolver that gives each answer once and stays with the last: what rebinding looks like from here. */
function rebinding(...answers: readonly (readonly string[])[]): Resolve {
  let asked = 0
  return async () => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
}

const postTo = (fetch: ReturnType<typeof openTargetFetch>, host: string): Promise<Posted> => {
  const { port } = new URL(server.url)
  return postWebhook(fetch, `http://${host}:${port}/ok`, { ...MESSAGE, timeoutMs: PATIENT_MS })
}

test.each([
  ['127.0.0.1'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['169.254.169.254'],
  ['93.184.216.34', '127.0.0.1'],
])('a public name that leads to %s is not connected to', async (...addresses) => {
  const asked = server.paths.length
  const fetch = openTargetFetch('public', rebinding(addresses))
  const posted = await postTo(fetch, 'rebound.example.com')
  expect(posted).toMatchObject({ status: undefined, error: 'target_refused' })
  expect(server.paths.length).toBe(asked)
})

test('the address that was checked is the one that is connected to: the name is asked for once', async () => {
  const fetch = openTargetFetch('any', rebinding(['127.0.0.1'], ['192.0.2.1']))
  expect(await postTo(fetch, 'once.example.com')).toMatchObject({ status: 200 })
})

test('a name server that lies is believed no more than one that keeps silent is waited for', async () => {
  const nameServer = await openNameServer()
  const resolve = openResolver('public', [nameServer])
  expect(await resolve('lies.example.com')).toEqual([{ address: '127.0.0.1', family: 4 }])
  const fetch = openTargetFetch('public', resolve)
  const asked = server.paths.length
  const lied = await postTo(fetch, 'lies.example.com')
  expect(lied).toMatchObject({ status: undefined, error: 'target_refused' })
  const silent = await postTo(fetch, 'silent.example.com')
  expect(silent).toMatchObject({ status: undefined, error: 'etimeout' })
  expect(server.paths.length).toBe(asked)
})

/** Says that every name that begins with `lies` is at 127.0.0.1 and has no other address, and nothing about the rest. */
async function openNameServer(): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    if (query.subarray(13, 17).toString() !== 'lies') return
    const end = query.indexOf(0, 12) + 5
    const isA = query.readUInt16BE(end - 4) === 1
    const head = Buffer.from(query.subarray(0, end))
    for (const [at, value] of [0x8180, 1, isA ? 1 : 0, 0, 0].entries()) {
      head.writeUInt16BE(value, 2 + 2 * at)
    }
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])
    socket.send(isA ? Buffer.concat([head, record]) : head, port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  return `127.0.0.1:${socket.address().port}`
}

test('the receiver gets the very bytes that were signed, with their length', async () => {
  const got: { body: string; headers: unknown }[] = []
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    got.push({ body: Buffer.concat(chunks).toString(), headers: request.headers })
    response.writeHead(429, { 'retry-after': '30' }).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const url = `http://localhost:${(receiver.address() as AddressInfo).port}/`
  const body = '{"name":"Zoë 验证码"}'
  const message = { ...MESSAGE, body, timeoutMs: PATIENT_MS }
  const posted = await postWebhook(openTargetFetch('any'), url, message)
  expect(posted).toMatchObject({ status: 429, retryAfterSeconds: 30 })
  expect(got).toMatchObject([
    { body, headers: { 'webhook-id': 'EV1', 'content-length': String(Buffer.byteLength(body)) } },
  ])
})
