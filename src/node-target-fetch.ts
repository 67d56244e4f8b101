import { promises as dns, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { TargetFetch } from './flows/post-webhook.ts'
import { isAllowedAddress, type TargetPolicy } from './webhooks/target.ts'

/** All addresses of a host name; rejects when it has none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

/** Idle connections of one receiver that are kept for its next events. */
const IDLE_MAX = 4
const DNS = { timeout: 2_000, tries: 2 }

/**
 * A POST that connects to the very addresses that were checked: the name is resolved once, by the connection itself, and a name
 * that leads to a single address that is not allowed is not connected to at all. No proxy and no redirect stands between.
 */
export function openTargetFetch(
  policy: TargetPolicy,
  resolve: Resolve = openResolver(policy),
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
  return (hostname, { all }, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const [first] = addresses
      const allowed = addresses.every(({ address }) => isAllowedAddress(address, policy))
      if (first === undefined || !allowed) callback(new TargetRefused(), [])
      else if (all === true) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    }
    resolve(hostname).then(answer, (error: Error) => callback(error, []))
  }
}

/**
 * Names of public receivers are asked of the name servers directly, with a time limit. The system's own resolver runs on a few
 * threads that everything shares: four name servers that keep silent would hold up the names of SMS providers as well. It is
 * used where names of this network are allowed, since only it knows them.
 */
export function openResolver(policy: TargetPolicy, servers?: readonly string[]): Resolve {
  if (policy === 'any') return (hostname) => dns.lookup(hostname, { all: true })
  const resolver = new dns.Resolver(DNS)
  if (servers !== undefined) resolver.setServers(servers)
  return async (hostname) => {
    const [v4, v6] = await Promise.allSettled([
      resolver.resolve4(hostname),
      resolver.resolve6(hostname),
    ])
    if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason
    return [...addressesIn(v4, 4), ...addressesIn(v6, 6)]
  }
}

const addressesIn = (
  settled: PromiseSettledResult<readonly string[]>,
  family: 4 | 6,
): readonly LookupAddress[] =>
  settled.status === 'fulfilled' ? settled.value.map((address) => ({ address, family })) : []
