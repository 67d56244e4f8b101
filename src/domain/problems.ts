/**
 * Every error a caller can see. The key is the contract: it never changes meaning and is never reused.
 * `title` may be reworded; `status` may not. Order of precedence where several apply:
 * credentials, scope, shape, phone, channel, policy, hard stops, balance.
 */
export const PROBLEMS = {
  unauthenticated: { status: 401, title: 'The credentials are missing or wrong.' },
  forbidden: { status: 403, title: 'This key may not do that.' },
  not_found: { status: 404, title: 'There is no such thing.' },
  unknown_path: { status: 404, title: 'There is nothing at this path.' },
  method_not_allowed: { status: 405, title: 'This path does not take that method.' },
  invalid_request: { status: 400, title: 'The request does not match the schema.' },
  invalid_json: { status: 400, title: 'The body is not valid JSON.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  body_too_large: { status: 413, title: 'The body is larger than this path takes.' },
  invalid_phone: { status: 400, title: 'The phone number is not a possible E.164 number.' },
  unsupported_channel: { status: 400, title: 'This number cannot be reached over that channel.' },
  balance_exhausted: { status: 402, title: 'The balance does not cover this.' },
  blocked: { status: 403, title: 'This request was refused by policy.' },
  challenge_required: { status: 403, title: 'Solve the challenge and send the request again.' },
  rate_limited: { status: 429, title: 'Too many requests. Try again later.' },
  budget_exhausted: { status: 429, title: 'A budget is used up for now.' },
  verification_closed: { status: 409, title: 'This verification takes no more sends.' },
  conflict: { status: 409, title: 'This contradicts something that exists.' },
  idempotency_conflict: {
    status: 409,
    title: 'This Idempotency-Key was used with another request.',
  },
  idempotency_in_flight: {
    status: 409,
    title: 'The first request with this Idempotency-Key is not answered yet.',
  },
  send_unavailable: { status: 503, title: 'No provider can take the message.' },
  unavailable: { status: 503, title: 'The service is not ready.' },
  internal: { status: 500, title: 'Something broke on our side.' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** One mistake in one field; `pointer` is an RFC 6901 JSON pointer into the body, or `query:name`. */
export type FieldError = { readonly pointer: string; readonly detail: string }

type About = {
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  readonly internal?: unknown
  readonly retryAfterSeconds?: number
  /** More members of the problem body, in the caller's words (snake_case). */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Thrown for callers. `detail`, `errors` and `members` are public; `internal` only ever reaches the log, as a name. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly about: About

  constructor(code: ProblemCode, about: About = {}) {
    super(code)
    this.code = code
    this.about = about
  }
}

/** A mistake in one named field of the body. */
export const fieldProblem = (pointer: string, detail: string): Problem =>
  new Problem('invalid_request', { detail: `${pointer}: ${detail}`, errors: [{ pointer, detail }] })
