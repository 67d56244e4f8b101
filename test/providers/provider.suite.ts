import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  OutboundMessage,
  Provider,
  ProviderDeps,
  ProviderKind,
  ReceiptRequest,
  SandboxMessage,
  SentReference,
} from '../../src/channels/provider.ts'
import { CHANNELS, type Channel } from '../../src/domain/channel.ts'
import { newId } from '../../src/domain/ids.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import { type MisbehavingServer, openMisbehavingServer } from './misbehaving-server.ts'
import {
  ENDLESS,
  FAULTS,
  type Fault,
  type Script,
  scriptedFetch,
  type Wire,
} from './scripted-fetch.ts'

export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5)
export const DEADLINE_MS = NOW_MS + 10_000

export type OpenedProvider = {
  readonly provider: Provider
  readonly inbox: readonly SandboxMessage[]
}

/** How the suite opens one kind. */
export type KindUnderTest = {
  readonly kind: string
  readonly open: (platform: Platform) => OpenedProvider
  /** Undefined for a kind that talks to nobody. */
  readonly wire: Wire | undefined
  /** All channels where absent. */
  readonly channels?: readonly Channel[]
  /** What is different in the message, such as a number that the vendor serves. */
  readonly message?: Partial<OutboundMessage>
  /** What of a message must be found in the request: body, number and id where absent. Looked for after percent decoding. */
  readonly carries?: (message: OutboundMessage) => readonly string[]
}

export const aMessage = (change: Partial<OutboundMessage> = {}): OutboundMessage => ({
  id: newId('VL', { nowMs: () => NOW_MS, randomBytes: seededDice(7).bytes }),
  to: '+447700900123' as Phone,
  country: 'GB',
  from: undefined,
  signature: undefined,
  body: '123456 is your code.',
  template: {
    name: 'verification',
    locale: 'en',
    variables: { code: '123456', minutes: '10', brand: 'Acme' },
  },
  channel: 'sms',
  kind: 'otp',
  segments: 2,
  validForMs: 600_000,
  ...change,
})

/** A text that was sent at `NOW_MS`, as it is asked after. */
export const aSent = (change: Partial<SentReference> = {}): SentReference => {
  const { id, to, channel } = aMessage()
  return { id, to, channel, providerMessageId: undefined, sentAtMs: NOW_MS, ...change }
}

export const aPlatform = (fetching: typeof fetch): Platform =>
  virtualPlatform({ clock: virtualClock(NOW_MS), dice: seededDice(1), fetch: fetching })

export const RECEIPT_URL = 'https://otp.example.com/receipts/kind/name'

/** A provider of these settings, under the name `name`. */
export function openProvider<Settings>(
  kind: ProviderKind<Settings>,
  settings: Readonly<Record<string, unknown>>,
  deps: Partial<ProviderDeps> = {},
): Provider {
  return kind.create('name', kind.settings.parse(settings), {
    platform: aPlatform(scriptedFetch({ answer: undefined }).fetch),
    sandbox: { put: async () => {}, list: async () => [] },
    receiptUrl: RECEIPT_URL,
    ...deps,
  })
}

type Callback = {
  readonly method?: 'GET' | 'POST'
  readonly url?: string
  readonly token?: string
  readonly headers?: HeadersInit
  readonly body?: string | Uint8Array
}

/** A callback as the receipts door hands it over. */
export function aCallback({
  method = 'POST',
  token,
  url = token === undefined ? RECEIPT_URL : `${RECEIPT_URL}/${token}`,
  headers = {},
  body = '',
}: Callback): ReceiptRequest {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const query = new URL(url).searchParams
  return { method, url, token, query, headers: new Headers(headers), body: bytes }
}

/** Only a fault that is a silence is waited for, and that not long; no other outcome hangs on how fast this machine is. */
const deadlineFor = (fault: Fault): number => (ENDLESS.has(fault) ? NOW_MS + 60 : DEADLINE_MS)

/** What every kind owes the router, whatever its upstream does. */
export function providerSuite(kind: KindUnderTest): void {
  describe(kind.kind, () => {
    acceptanceSuite(kind)
    if (kind.wire === undefined) return
    wireSuite(kind, kind.wire)
    realServerSuite(kind)
  })
}

const messageFor = (kind: KindUnderTest, change: Partial<OutboundMessage> = {}) =>
  aMessage({ channel: kind.channels?.[0] ?? 'sms', ...kind.message, ...change })

function acceptanceSuite(kind: KindUnderTest): void {
  test.each(kind.channels ?? CHANNELS)('an accepted %s message makes sense', async (channel) => {
    const { provider } = kind.open(aPlatform(scriptedFetch({ answer: kind.wire?.accepted }).fetch))
    expect(provider.channels).toContain(channel)
    const result = await provider.send(messageFor(kind, { channel }), DEADLINE_MS)
    expect(result.kind).toBe('accepted')
    if (result.kind !== 'accepted') return
    expect(result.providerMessageId).not.toBe('')
    if (result.segments !== undefined) expect(result.segments).toBeGreaterThan(0)
    if (result.cost !== undefined) expect(result.cost.micros).toBeGreaterThanOrEqual(0)
  })
}

const bodyNumberAndId = ({ body, to, id }: OutboundMessage): readonly string[] => [body, to, id]

function wireSuite(kind: KindUnderTest, wire: Wire): void {
  const opened = (script: Script) => {
    const { fetch, calls } = scriptedFetch(script)
    return { ...kind.open(aPlatform(fetch)), calls }
  }

  test('the message, its number and its id reach the upstream once', async () => {
    const { provider, calls } = opened({ answer: wire.accepted })
    const message = messageFor(kind)
    await provider.send(message, DEADLINE_MS)
    expect(calls).toHaveLength(1)
    const [{ url, headers, body } = { url: '', headers: '', body: '' }] = calls
    const sent = `${decoded(url)} ${headers} ${body} ${decoded(body)}`
    for (const part of (kind.carries ?? bodyNumberAndId)(message)) expect(sent).toContain(part)
  })

  test('a refusal is refused and says why', async () => {
    const { provider } = opened({ answer: wire.refused })
    const result = await provider.send(messageFor(kind), DEADLINE_MS)
    expect(result).toMatchObject({ kind: 'refused', error: { kind: wire.refusedKind } })
  })

  test.each(Object.entries(FAULTS))('%s is %j', async (fault, outcomes) => {
    const { provider } = opened({ fault: fault as Fault, wire })
    const result = await provider.send(messageFor(kind), deadlineFor(fault as Fault))
    expect(outcomes).toContain(result.kind)
    if (result.kind !== 'accepted') expect(result.error.code).toMatch(/^[\x21-\x7e]{3,64}$/)
  })

  test('nothing is asked after the deadline', async () => {
    const { provider, calls } = opened({ answer: wire.accepted })
    const late = await provider.send(messageFor(kind), NOW_MS)
    expect(late).toMatchObject({ kind: 'failed', error: { code: 'deadline_passed' } })
    expect(calls).toHaveLength(0)
  })

  test('neither number nor code is in what a failure tells', async () => {
    const message = messageFor(kind)
    for (const fault of Object.keys(FAULTS) as Fault[]) {
      const { provider } = opened({ fault, wire })
      const told = JSON.stringify(await provider.send(message, deadlineFor(fault)))
      expect(told).not.toContain('123456')
      expect(told).not.toContain(message.to.slice(-8))
    }
  })
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** What a server on this machine does, and what that may be taken for. */
const REAL_FAULTS = {
  '/refused': ['failed', 'refused'],
  '/throttled': ['failed', 'refused'],
  '/error': ['failed', 'unknown'],
  '/redirect': ['failed', 'refused'],
  '/garbage': ['unknown'],
  '/silent': ['unknown'],
  '/huge': ['unknown'],
  '/slow': ['unknown'],
  '/half': ['unknown'],
  '/reset': ['unknown'],
} as const

/** The runtime's own fetch, wherever the kind believes to send to. */
function realServerSuite(kind: KindUnderTest): void {
  let server: MisbehavingServer
  beforeAll(async () => {
    server = await openMisbehavingServer()
  })
  afterAll(() => server.close())

  test.each(Object.entries(REAL_FAULTS))(
    'a real server that does %s is %j',
    async (path, kinds) => {
      const before = server.paths.length
      const rerouted: typeof fetch = (_url, init) => fetch(`${server.url}${path}`, init)
      const { provider } = kind.open(aPlatform(rerouted))
      const isEndless = path === '/silent' || path === '/slow'
      const deadlineMs = isEndless ? NOW_MS + 300 : DEADLINE_MS
      const result = await provider.send(messageFor(kind), deadlineMs)
      expect(kinds).toContain(result.kind)
      expect(server.paths.slice(before)).toEqual([path])
    },
  )
}
