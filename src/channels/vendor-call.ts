import { failed, maybeSent, refused, type Unaccepted } from '../domain/send.ts'
import type { Platform } from '../platform/platform.ts'
import { jsonOf, readText, untilAborted } from './bounded-body.ts'
import { fetchFailure } from './fetch-failure.ts'

const ANSWER_BYTES_MAX = 64 * 1024
export const TIMEOUT_DEFAULT_MS = 5000
export const TIMEOUT_MAX_MS = 30_000

export type VendorRequest = {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>> | Headers
  readonly body?: string
}

type JsonRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Fields that are undefined do not go out. */
  readonly body?: unknown
}

/** A POST of JSON, or a GET where there is no body. */
function toRequest({ url, headers, body }: JsonRequest): VendorRequest {
  const accepting = { accept: 'application/json', ...headers }
  if (body === undefined) return { url, method: 'GET', headers: accepting }
  const sending = { ...accepting, 'content-type': 'application/json' }
  return { url, headers: sending, body: JSON.stringify(body) }
}

/** Who calls: the runtime, and what the operator has set for the vendor. */
export type VendorCaller<Settings> = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: Settings
}

/** One resource of a vendor. */
export type JsonResource = {
  /** Below what all its resources have in common, with its query. */
  readonly path: string
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, unknown>>
}

/** `callVendor` in JSON, with the time that the settings allow. */
export function callInJson(
  { platform, settings }: VendorCaller<{ readonly timeout_ms: number }>,
  request: JsonRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  return callVendor(toRequest(request), { platform, deadlineMs, timeoutMs: settings.timeout_ms })
}

/** Numbers as most vendors want them: without the plus. */
export const msisdnOf = (number: string): string => number.replace(/^\+/, '')

/** What came back. `text` and `json` are undefined where the body was too long, broke off, or is no text or JSON. */
export type VendorAnswer = {
  readonly kind: 'answered'
  readonly status: number
  readonly headers: Headers
  readonly text: string | undefined
  readonly json: unknown
  /** The stream ended before the body did, or the time was up. */
  readonly isBroken: boolean
}

export type CallLimits = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  /** An instant. */
  readonly deadlineMs: number
  readonly timeoutMs: number
}

/**
 * One request to a vendor, in bounded time, with a bounded answer, redirects not followed. What never got out is `failed`,
 * what may have been received is `unknown`; every answer with a status comes back as it is.
 */
export async function callVendor(
  { url, method = 'POST', headers, body }: VendorRequest,
  { platform, deadlineMs, timeoutMs }: CallLimits,
): Promise<VendorAnswer | Unaccepted> {
  const leftMs = Math.min(timeoutMs, deadlineMs - platform.nowMs())
  if (leftMs <= 0) return failed('provider_down', 'deadline_passed')
  const signal = AbortSignal.timeout(Math.ceil(leftMs))
  const init: RequestInit = { method, headers, redirect: 'manual', signal }
  try {
    const asked = platform.fetch(url, body === undefined ? init : { ...init, body })
    return await read(await untilAborted(asked, signal), signal)
  } catch (error) {
    return fetchFailure(error)
  }
}

async function read(response: Response, signal: AbortSignal): Promise<VendorAnswer> {
  const { status, headers } = response
  const answered = { kind: 'answered', status, headers } as const
  try {
    const text = await readText(response.body, ANSWER_BYTES_MAX, signal)
    return { ...answered, text, json: jsonOf(text), isBroken: false }
  } catch {
    return { ...answered, text: undefined, json: undefined, isBroken: true }
  }
}

export const isOk = ({ status }: VendorAnswer): boolean => status >= 200 && status < 300

/**
 * What an answer means when its body does not say it better. A server error, and a 2xx that cannot be read, may have sent the
 * message; everything else surely did not. `said` is what the vendor's own code and words were, if any were found.
 */
export function outcomeOfStatus(answer: VendorAnswer, said: Said = {}): Unaccepted {
  const { status } = answer
  const { text, code = `http_${status}` } = said
  if (isOk(answer)) return maybeSent(said.code ?? unreadable(answer), text)
  if (status >= 500) return maybeSent(code, text)
  if (status === 401 || status === 403 || status === 407) return refused('credentials', code, text)
  if (status === 402) return refused('balance', code, text)
  if (status === 429) return refused('throttled', code, text)
  // A runtime may hide a redirect behind status 0.
  return failed('unknown', status === 0 ? 'redirect' : code, text)
}

type Said = { readonly code?: string | undefined; readonly text?: string | undefined }

const unreadable = ({ isBroken }: VendorAnswer): string =>
  isBroken ? 'broken_answer' : 'unreadable_answer'
