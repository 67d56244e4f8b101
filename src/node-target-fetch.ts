import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { TargetFetch } from './flows/post-webhook.ts'
import { isAllowedAddress, type TargetPolicy } from './webhooks/target.ts'

type Resolve = typeof systemLookup

/** Idle connections of one receiver that are kept for its next events. */
const IDLE_MAX = 4

/**
 * A POST that connects to the very addresses that were checked: the name is resolved once, by the connection itself, and a name
 * that leads to a single address that is not allowed is not connected to at all. No proxy and no redirect stands between.
 */
export function openTargetFetch(
  policy: TargetPolicy,
  resolve: Resolve = systemLookup,
): TargetFetch {
  const options = {
    keepAlive: true,
    maxFreeSockets: IDLE_MAX,
    lookup: checkedLookup(policy, resolve),
  }
  const plain = new http.Agent(options)
  const secure = new https.Agent(options)
  return (url, { method, headers, body, signal }) =>
    new Promise((resolveAnswer, reject) => {
      const isSecure = url.startsWith('https:')
      const request = (isSecure ? https : http).request(url, {
        agent: isSecure ? secure : plain,
        method,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal,
      })
      request.on('error', reject)
      request.on('response', (incoming) => resolveAnswer(answerOf(incoming)))
      request.end(body)
    })
}

function answerOf(incoming: http.IncomingMessage): Awaited<ReturnType<TargetFetch>> {
  const { 'retry-after': retryAfter } = incoming.headers
  return {
    status: incoming.statusCode ?? 0,
    headers: new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    body: bytesOf(incoming),
  }
}

/** The same stream: Node's own type of it is another one than the web's. */
const bytesOf = (incoming: http.IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> =>
  Readable.toWeb(incoming) satisfies NodeStream as ReadableStream<Uint8Array<ArrayBuffer>>

class TargetRefused extends Error {
  override readonly name = 'TargetRefused'
  readonly code = 'TARGET_REFUSED'
}

function checkedLookup(policy: TargetPolicy, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const [first] = addresses
      const allowed = addresses.every(({ address }) => isAllowedAddress(address, policy))
      if (first === undefined || !allowed) return callback(new TargetRefused(), [])
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** All addresses of a name now; none when it does not resolve. */
export function addressesOf(hostname: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const literal = hostname.replace(/^\[|\]$/g, '')
    systemLookup(literal, { all: true }, (error, found: readonly LookupAddress[]) => {
      resolve(error === null ? found.map(({ address }) => address) : [])
    })
  })
}
