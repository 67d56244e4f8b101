/**
 * Why a message did not go, or did not arrive: every vendor's codes are read into these ten.
 * `elsewhere`: another provider may be asked. A number or a carrier that said no says it everywhere, and what a vendor's
 * opt-out list or pumping protection stopped must not be walked around by asking the next one.
 * `blamesNumber`: the number is at fault, so nothing is said against provider or text.
 * `blamesProvider`: counts as a failure of the provider, which is left out after a few of them. A refusal for a reason that we do
 * not know does not: else a stream of messages for a country that it does not serve could switch it off for all others.
 * `later`: the same send may go through in a while.
 */
export const SEND_ERRORS = {
  invalid_number: { elsewhere: false, blamesNumber: true, blamesProvider: false, later: false },
  unreachable: { elsewhere: true, blamesNumber: true, blamesProvider: false, later: false },
  blocked_by_carrier: { elsewhere: false, blamesNumber: true, blamesProvider: false, later: false },
  content_refused: { elsewhere: true, blamesNumber: false, blamesProvider: false, later: false },
  template_refused: { elsewhere: true, blamesNumber: false, blamesProvider: false, later: false },
  throttled: { elsewhere: true, blamesNumber: false, blamesProvider: true, later: true },
  credentials: { elsewhere: true, blamesNumber: false, blamesProvider: true, later: false },
  balance: { elsewhere: true, blamesNumber: false, blamesProvider: true, later: false },
  provider_down: { elsewhere: true, blamesNumber: false, blamesProvider: true, later: true },
  unknown: { elsewhere: true, blamesNumber: false, blamesProvider: false, later: false },
} as const satisfies Record<string, SendErrorTraits>

type SendErrorTraits = {
  readonly elsewhere: boolean
  readonly blamesNumber: boolean
  readonly blamesProvider: boolean
  readonly later: boolean
}

export type SendErrorKind = keyof typeof SEND_ERRORS
export const SEND_ERROR_KINDS = Object.keys(SEND_ERRORS) as readonly SendErrorKind[]
export const NUMBER_BLAMING_KINDS = SEND_ERROR_KINDS.filter(
  (kind) => SEND_ERRORS[kind].blamesNumber,
)

/** What a provider said, in our word and in its own. Made by `sendError`, which keeps it short and free of numbers. */
export type SendError = {
  readonly kind: SendErrorKind
  /** The vendor's code, or ours where it gave none: `timeout`, `http_500`. Printable ASCII, at most 64. */
  readonly code: string
  /** The vendor's own words in one line of at most 200 characters; undefined where it said none. */
  readonly text: string | undefined
}

const CODE_LENGTH_MAX = 64
const TEXT_LENGTH_MAX = 200
/** Four digits and more, however they are grouped: a phone number or a code, which no row or log line may hold. */
const DIGITS = /\+?\d(?:[ ().-]?\d){3,}/g
const BREAKS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu

/** A vendor's words come from outside and end up in rows, answers and logs. */
export function sendError(kind: SendErrorKind, code: string, text?: string): SendError {
  const bare = code.replace(/[^\x21-\x7e]+/g, '').slice(0, CODE_LENGTH_MAX)
  return { kind, code: bare === '' ? kind : bare, text: text && plainLine(text) }
}

const plainLine = (text: string): string | undefined => {
  const masked = text
    .slice(0, 4 * TEXT_LENGTH_MAX)
    .replace(BREAKS, ' ')
    .replace(DIGITS, '****')
  const line = masked.trim().slice(0, TEXT_LENGTH_MAX)
  return line === '' ? undefined : line
}
