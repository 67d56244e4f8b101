import { untilAborted } from '../channels/bounded-body.ts'

/**
 * Sends one POST and follows no redirect. On Node it connects to checked addresses only; a Worker has no addresses to check,
 * and its platform reaches none but public ones.
 */
export type TargetFetch = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<Pick<Response, 'status' | 'headers' | 'body'>>

export type WebhookMessage = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For connection, answer and the beginning of its body together. */
  readonly timeoutMs: number
}

/** What a receiver did. `error` is why it does not count as delivered, in one stable word. */
export type Posted = {
  readonly status: number | undefined
  readonly answer: string | undefined
  readonly error: string | undefined
  /** Seconds that the receiver asked to wait. */
  readonly retryAfterSeconds: number
}

/** Of an answer no more is read; a receiver has nothing to say but its status. */
const ANSWER_BYTES_MAX = 1_024
const decoder = new TextDecoder()

/** One try, whatever happens in it: answered, cut off, or never answered. */
export async function postWebhook(
  fetch: TargetFetch,
  url: string,
  { headers, body, timeoutMs }: WebhookMessage,
): Promise<Posted> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const request = { method: 'POST', headers, body, redirect: 'manual', signal } as const
    const response = await untilAborted(fetch(url, request), signal)
    const { status } = response
    return {
      status,
      answer: await beginningOf(response.body, signal),
      error: errorOf(status),
      retryAfterSeconds: retryAfterOf(response.headers),
    }
  } catch (error) {
    const nothing = { status: undefined, answer: undefined, retryAfterSeconds: 0 }
    return { ...nothing, error: wordOf(error) }
  }
}

function errorOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  return status >= 300 && status < 400 ? 'redirected' : 'not_2xx'
}

function retryAfterOf(headers: Headers): number {
  const text = headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(text) ? Number(text) : 0
}

/** The status counts from the moment it is here, so a body that breaks off or goes on for ever takes nothing back. */
async function beginningOf(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (body === null) return undefined
  const reader = body.getReader()
  const bytes = new Uint8Array(ANSWER_BYTES_MAX)
  let length = 0
  try {
    while (length < ANSWER_BYTES_MAX) {
      const { done, value } = await untilAborted(reader.read(), signal)
      if (done) break
      const taken = value.subarray(0, ANSWER_BYTES_MAX - length)
      bytes.set(taken, length)
      length += taken.length
    }
  } catch {
    // What was read until then is all there is to show.
  }
  reader.cancel().catch(() => undefined)
  return length === 0 ? undefined : decoder.decode(bytes.subarray(0, length))
}

/** Node names the failure in `code`, of the error itself or of its cause; a Worker does not tell. */
function wordOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined)
  return code?.toLowerCase() ?? 'connection_failed'
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}
