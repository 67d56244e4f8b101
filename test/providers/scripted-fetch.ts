import type { SendResult } from '../../src/domain/send.ts'
import type { SendErrorKind } from '../../src/domain/send-error.ts'

/** A kind's own words for the two answers that no other kind shares. */
export type Wire = {
  readonly accepted: () => Response
  readonly refused: () => Response
  readonly refusedKind: SendErrorKind
}

type Kind = SendResult['kind']

/** Everything that upstreams do wrong, and which outcomes are honest about it. */
export const FAULTS = {
  'too many requests': ['failed', 'refused'],
  'a server error': ['failed', 'unknown'],
  'a gateway error with a page': ['failed', 'unknown'],
  'wrong credentials': ['refused'],
  'a redirect': ['failed', 'refused'],
  'no answer at all': ['unknown'],
  'garbage instead of JSON': ['unknown'],
  'bytes that are not text': ['unknown'],
  'an empty answer': ['unknown'],
  'JSON of another shape': ['unknown'],
  'an endless answer': ['unknown'],
  'an answer that never ends': ['unknown'],
  'an answer that breaks off': ['unknown'],
  'a connection that is refused': ['failed'],
  'a name that does not resolve': ['failed'],
  'every address refused': ['failed'],
  'a certificate of somebody else': ['failed'],
  'a connection that is reset': ['unknown'],
  'a runtime that only says no': ['unknown'],
} as const satisfies Record<string, readonly Kind[]>
export type Fault = keyof typeof FAULTS

/** Faults that only a deadline ends. */
export const ENDLESS: ReadonlySet<Fault> = new Set([
  'no answer at all',
  'an answer that never ends',
])

export type Script =
  | { readonly answer: (() => Response) | undefined }
  | { readonly fault: Fault; readonly wire: Wire }

export type Call = {
  readonly method: string
  readonly url: string
  /** JSON of `[name, value]` pairs. */
  readonly headers: string
  readonly body: string
}

/** A fetch that answers by script and, like the real one, gives up when its signal aborts. */
export function scriptedFetch(script: Script): {
  readonly fetch: typeof fetch
  readonly calls: readonly Call[]
} {
  const calls: Call[] = []
  const scripted: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const headers = JSON.stringify([...request.headers])
    calls.push({ method: request.method, url: request.url, headers, body: await request.text() })
    if ('answer' in script) return script.answer?.() ?? new Response(null)
    return FAULTY[script.fault](request.signal)
  }
  return { fetch: scripted, calls }
}

type Faulty = (signal: AbortSignal) => Response | Promise<Response>

const failing =
  (cause: unknown): Faulty =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause }))
const coded = (code: string, syscall?: string): Error =>
  Object.assign(new Error(`${code} +447700900123`), { code, syscall })
const page =
  (status: number, headers: Record<string, string> = {}): Faulty =>
  () =>
    new Response('<html>no</html>', { status, headers })

const FAULTY: Readonly<Record<Fault, Faulty>> = {
  'too many requests': page(429, { 'retry-after': '1' }),
  'a server error': page(500),
  'a gateway error with a page': page(502),
  'wrong credentials': page(401),
  'a redirect': page(307, { location: 'http://127.0.0.1:1/' }),
  'no answer at all': (signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
  'garbage instead of JSON': page(200),
  'bytes that are not text': () => new Response(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)),
  'an empty answer': () => new Response(null, { status: 204 }),
  'JSON of another shape': () => Response.json([{ nothing: 'known' }]),
  'an endless answer': () => new Response(endless()),
  'an answer that never ends': () => new Response(stuck()),
  'an answer that breaks off': () => new Response(broken()),
  'a connection that is refused': failing(coded('ECONNREFUSED', 'connect')),
  'a name that does not resolve': failing(coded('ENOTFOUND', 'getaddrinfo')),
  'every address refused': failing(
    new AggregateError([coded('ECONNREFUSED', 'connect'), coded('ETIMEDOUT', 'connect')]),
  ),
  'a certificate of somebody else': failing(coded('ERR_TLS_CERT_ALTNAME_INVALID')),
  'a connection that is reset': failing(coded('ECONNRESET', 'read')),
  'a runtime that only says no': () => Promise.reject(new Error('Network connection lost.')),
}

const endless = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(0x20)),
  })

const stuck = (): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (controller) => controller.enqueue(Uint8Array.of(0x7b)) })

const broken = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: (controller) => controller.error(coded('ECONNREFUSED', 'connect')),
  })
