import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, vi } from 'vitest'
import type { Platform } from '../../src/platform/platform.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'

/** One request as it stood on the wire. */
export type Recorded = {
  readonly method: string
  /** Path and query, byte for byte. */
  readonly target: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Recorder = {
  /** `http://127.0.0.1:port`, for what wants a URL. */
  readonly url: string
  /** `127.0.0.1:port`, for what wants a host. */
  readonly host: string
  readonly requests: Recorded[]
}

type Answer = { readonly status?: number; readonly json: unknown }

/** A server on this machine that notes what it is asked and answers the same every time. It goes with its test. */
export async function openRecorder({ status = 200, json }: Answer): Promise<Recorder> {
  const requests: Recorded[] = []
  const server = createServer(async (request, response) => {
    requests.push(await recorded(request))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `http://${host}`, host, requests }
}

async function recorded(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url: target = '', headers } = request
  const single = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return {
    method,
    target,
    headers: Object.fromEntries(single),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/** The instant of all contract tests. */
export const CONTRACT_MS = Date.UTC(2026, 0, 2, 3, 4, 5)

/** Runs an SDK with its clock stopped at that instant; timers and everything else go on. */
export async function withClockStopped<T>(run: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: CONTRACT_MS })
  try {
    return await run()
  } finally {
    vi.useRealTimers()
  }
}

type OurSide = {
  /** What the SDK drew, in hex. */
  readonly nonce?: string | undefined
  /** Takes every request, whatever host it is meant for. */
  readonly to?: Recorder
}

/** For our side: the same instant, the real network, and chance that gives the nonce which the SDK drew. */
export function contractPlatform({ nonce, to }: OurSide = {}): Platform {
  const clock = virtualClock(CONTRACT_MS)
  const rerouted: typeof fetch = (url, init) => fetch(new URL(pathOf(url), to?.url), init)
  const fetching = to === undefined ? fetch : rerouted
  const platform = virtualPlatform({ clock, dice: seededDice(1), fetch: fetching })
  if (nonce === undefined) return platform
  const bytes = Uint8Array.from(nonce.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return { ...platform, randomBytes: () => bytes }
}

const pathOf = (url: Parameters<typeof fetch>[0]): string => {
  const { pathname, search } = new URL(url instanceof Request ? url.url : url)
  return pathname + search
}

/** What every HTTP client says for itself: nothing that a vendor reads. Name beside these what one SDK adds, and why. */
const OF_THE_CLIENT: readonly string[] = [
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'host',
  'sec-fetch-mode',
  'user-agent',
]

/**
 * Claims that both requests are the same, byte for byte, but for the headers of the client itself and those named in `except`.
 * Header names that only one side sends count as a difference.
 */
export function expectSameRequest(
  ours: Recorded | undefined,
  theirs: Recorded | undefined,
  except: readonly string[] = [],
): void {
  expect(theirs).toBeDefined()
  const left = new Set([...OF_THE_CLIENT, ...except])
  const compared = (request: Recorded | undefined) => ({
    ...request,
    headers: Object.entries(request?.headers ?? {})
      .filter(([name]) => !left.has(name))
      .sort(),
  })
  expect(compared(ours)).toEqual(compared(theirs))
}
