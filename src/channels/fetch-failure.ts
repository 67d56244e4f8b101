import { failed, maybeSent, type Unaccepted } from '../domain/send.ts'

/** Failures that happen before a connection stands. Anything else may have happened after the request was written. */
const BEFORE_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const BEFORE_CONNECTED_CALLS: ReadonlySet<string> = new Set(['connect', 'getaddrinfo'])

/**
 * What a rejected `fetch` means for the message: `failed` only where the runtime says that no connection was made
 * (Node does, in `cause`), `unknown` for everything else. Workers do not tell the two apart, so there it is always `unknown`.
 */
export function fetchFailure(error: unknown): Unaccepted {
  const causes = causesOf(error)
  const surelyUnsent = causes.length > 0 && causes.every(isBeforeConnected)
  const code = codeOf(error, causes)
  return surelyUnsent ? failed('provider_down', code) : maybeSent(code)
}

type Cause = { readonly code: string | undefined; readonly syscall: string | undefined }

const isBeforeConnected = (cause: Cause): boolean =>
  BEFORE_CONNECTED.has(cause.code ?? '') || BEFORE_CONNECTED_CALLS.has(cause.syscall ?? '')

/** A name with several addresses fails with one cause for each of them. */
function causesOf(error: unknown): readonly Cause[] {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof AggregateError) return cause.errors.map(toCause)
  return cause instanceof Error ? [toCause(cause)] : []
}

function toCause(error: unknown): Cause {
  const fields = typeof error === 'object' && error !== null ? error : {}
  return { code: textAt(fields, 'code'), syscall: textAt(fields, 'syscall') }
}

function textAt(fields: object, name: string): string | undefined {
  const value: unknown = Reflect.get(fields, name)
  return typeof value === 'string' ? value : undefined
}

function codeOf(error: unknown, causes: readonly Cause[]): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  const code = causes.find((cause) => cause.code !== undefined)?.code
  return code?.toLowerCase() ?? 'connection_lost'
}
