import {
  type DeliveryStatus,
  failed,
  maybeSent,
  refused,
  type Unaccepted,
} from '../../../domain/send.ts'
import { type SendError, type SendErrorKind, sendError } from '../../../domain/send-error.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** Codes without their `isv.` or `isp.`, which the international version does not write. */
const REFUSED: Readonly<Record<string, SendErrorKind>> = {
  MOBILE_NUMBER_ILLEGAL: 'invalid_number',
  BLACK_KEY_CONTROL_LIMIT: 'blocked_by_carrier',
  SMS_CONTENT_ILLEGAL: 'content_refused',
  SMS_CONTENT_MISMATCH_TEMPLATE_TYPE: 'content_refused',
  UNSUPPORTED_CONTENT: 'content_refused',
  PARAM_NOT_SUPPORT_URL: 'content_refused',
  SMS_TEMPLATE_ILLEGAL: 'template_refused',
  SMS_SIGN_ILLEGAL: 'template_refused',
  INVALID_JSON_PARAM: 'template_refused',
  PARAM_LENGTH_LIMIT: 'template_refused',
  AMOUNT_NOT_ENOUGH: 'balance',
  OUT_OF_SERVICE: 'balance',
  BUSINESS_LIMIT_CONTROL: 'throttled',
  DAY_LIMIT_CONTROL: 'throttled',
  MONTH_LIMIT_CONTROL: 'throttled',
  SignatureDoesNotMatch: 'credentials',
  RAM_PERMISSION_DENY: 'credentials',
  DENY_IP_RANGE: 'credentials',
  PRODUCT_UN_SUBSCRIPT: 'credentials',
  PRODUCT_UNSUBSCRIBE: 'credentials',
  SECURITY_FROZEN_ACCOUNT: 'credentials',
  FORBIDDEN_ACTION: 'credentials',
}
const REFUSED_BY_BEGINNING: readonly (readonly [string, SendErrorKind])[] = [
  ['SMS_SIGNATURE_', 'template_refused'],
  ['SIGN_', 'template_refused'],
  ['TEMPLATE_', 'template_refused'],
  ['Throttling', 'throttled'],
  ['ACCOUNT_', 'credentials'],
  ['InvalidAccessKeyId', 'credentials'],
  ['InvalidTimeStamp', 'credentials'],
]
/** Nobody knows what these did; a used nonce is a repetition of our own request by something in between. */
const UNKNOWN: ReadonlySet<string> = new Set([
  'SYSTEM_ERROR',
  'GATEWAY_ERROR',
  'SignatureNonceUsed',
])

/** What a code other than `OK` means. One that the table does not know was refused all the same, unless the server broke. */
export function outcomeOfCode(answer: VendorAnswer, code: string, text?: string): Unaccepted {
  const bare = bareCode(code)
  const kind =
    REFUSED[bare] ?? REFUSED_BY_BEGINNING.find(([beginning]) => bare.startsWith(beginning))?.[1]
  if (kind !== undefined) return refused(kind, code, text)
  if (UNKNOWN.has(bare)) return maybeSent(code, text)
  if (answer.status >= 400) return outcomeOfStatus(answer, { code, text })
  return failed('unknown', code, text)
}

const bareCode = (code: string): string => code.replace(/^is[vp]\./, '')

const UNDELIVERED: Readonly<Record<string, SendErrorKind>> = {
  MOBILE_NOT_ON_SERVICE: 'unreachable',
  MOBILE_ACCOUNT_ABNORMAL: 'unreachable',
  MOBLLE_TERMINAL_ERROR: 'unreachable',
  INVALID_NUMBER: 'invalid_number',
  MOBILE_IN_BLACK: 'blocked_by_carrier',
  MOBILE_SEND_LIMIT: 'blocked_by_carrier',
  USER_REJECT: 'blocked_by_carrier',
  CONTENT_KEYWORD: 'content_refused',
  CONTENT_ERROR: 'content_refused',
}

/** Why a message did not arrive, by the code of a receipt or of a query. */
export const undeliveredError = (code: string | undefined, text: string | undefined): SendError =>
  sendError(UNDELIVERED[code ?? ''] ?? 'unknown', code ?? 'undelivered', text)

export const errorOf = (
  status: DeliveryStatus,
  code: string | undefined,
  text: string | undefined,
): SendError | undefined => (status === 'undelivered' ? undeliveredError(code, text) : undefined)
