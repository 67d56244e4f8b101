import { failed, maybeSent, refused, type Unaccepted } from '../../../domain/send.ts'
import type { SendErrorKind } from '../../../domain/send-error.ts'

/** What an SMSC says for a reason that we know. */
const REFUSED: ReadonlyMap<number, SendErrorKind> = new Map([
  [0x0b, 'invalid_number'],
  [0x50, 'invalid_number'],
  [0x51, 'invalid_number'],
  [0x0d, 'credentials'],
  [0x0e, 'credentials'],
  [0x0f, 'credentials'],
  [0x14, 'throttled'],
  [0x58, 'throttled'],
  [0x66, 'blocked_by_carrier'],
])
/** System error, unknown error, and the answer of an SMSC that gave up waiting: the message may be under way. */
const MAYBE: ReadonlySet<number> = new Set([0x08, 0xfe, 0xff])
const TOO_FAST: ReadonlySet<number> = new Set([0x14, 0x58])

/** The SMSC wants fewer messages at once. */
export const isTooFast = (status: number): boolean => TOO_FAST.has(status)

/** What the status of an answer to a submit means; every one that is not listed is a plain no, the vendor's own included. */
export function outcomeOf(status: number): Unaccepted {
  const code = codeOf(status)
  const kind = REFUSED.get(status)
  if (kind !== undefined) return refused(kind, code)
  return MAYBE.has(status) ? maybeSent(code) : failed('unknown', code)
}

/** The same for a bind, with which nothing was sent. */
export function bindOutcomeOf(status: number): Unaccepted {
  const kind = REFUSED.get(status)
  return kind === 'credentials'
    ? refused(kind, codeOf(status))
    : failed(kind ?? 'provider_down', codeOf(status))
}

const codeOf = (status: number): string => `smpp_0x${status.toString(16).padStart(2, '0')}`
