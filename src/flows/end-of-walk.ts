import { closingPosting } from '../billing/postings.ts'
import type {
  Dispatched,
  FailedTry,
  OutboxJob,
  Returned,
  UnsentReason,
} from '../channels/outbox-store.ts'
import type { Sent, Try } from '../channels/walk.ts'
import type { Currency } from '../domain/money.ts'
import type { Send } from '../domain/send.ts'
import { SEND_ERRORS, type SendError, type SendErrorKind, sendError } from '../domain/send-error.ts'
import { backoffMs, ROUNDS_MAX } from './backoff.ts'
import type { House } from './house.ts'

/** The first question about a send of which nobody knows whether it left. */
const ASK_UNKNOWN_MS = 30_000
/** The first question about an accepted send whose money waits for its receipt. */
const ASK_UNHEARD_MS = 600_000

export type Ended =
  | { readonly kind: 'over'; readonly dispatched: Dispatched }
  | { readonly kind: 'later'; readonly returned: Returned }

export type UnitCost = { readonly micros: number; readonly currency: Currency | undefined }
export const NO_COST: UnitCost = { micros: 0, currency: undefined }
/** After so many rounds another channel takes over, where one may: a few seconds. */
const ROUNDS_BEFORE_FALL = 2
/** And rather than wait longer than this for room. */
const WAIT_BEFORE_FALL_MS = 10_000

/** It takes no round: nobody was asked, since those who may carry it have all that they may get just now. */
export type Waiting = { readonly kind: 'waiting'; readonly notBeforeMs: number }

export type Walked = {
  readonly kind: 'walked'
  readonly sent: Exclude<Sent, { readonly status: 'waiting' }>
  /** Our own count, for providers that tell none. */
  readonly segments: number
  /** Of one segment, call or message with the provider that has it. */
  readonly unitCost: UnitCost
  /** Another channel may take over if nobody takes it by this one. */
  readonly mayFall: boolean
  /** Where it ended before anybody was asked, and somebody may want to know. */
  readonly reason?: UnsentReason
}

/** What became of a leased row by this walk. */
export function endOf(
  house: Pick<House, 'platform'>,
  job: OutboxJob,
  walked: Walked | Waiting,
): Ended {
  const { send, tries } = job
  if (walked.kind === 'waiting') {
    const { notBeforeMs } = walked
    return { kind: 'later', returned: { sendId: send.id, tries, notBeforeMs, rounds: job.rounds } }
  }
  const atMs = house.platform.nowMs()
  const rounds = job.rounds + 1
  const { sent } = walked
  const roundsMax = walked.mayFall ? ROUNDS_BEFORE_FALL : ROUNDS_MAX
  if (sent.status === 'failed' && sent.retryable && rounds < roundsMax) {
    const notBeforeMs = atMs + backoffMs(house.platform, rounds)
    const tried = sent.tries.flatMap(toFailedTry)
    if (notBeforeMs < send.expiresAtMs) {
      return { kind: 'later', returned: { sendId: send.id, tries, notBeforeMs, rounds, tried } }
    }
  }
  return { kind: 'over', dispatched: toDispatched(job, walked, atMs) }
}

function toDispatched({ send, tries }: OutboxJob, walked: Walked, atMs: number): Dispatched {
  const { sent, unitCost } = walked
  const isFallen = walked.mayFall && mayGoElsewhere(sent)
  const accepted = sent.status === 'sent' ? sent.result : undefined
  const segments = accepted?.segments ?? walked.segments
  const isOut = sent.status !== 'failed'
  const units = send.channel === 'sms' ? segments : 1
  return {
    sendId: send.id,
    tries,
    status: sent.status,
    providerId: isOut ? sent.providerId : undefined,
    providerMessageId: accepted?.providerMessageId,
    segments: isOut ? segments : undefined,
    cost: accepted?.cost,
    expectedCostMicros: isOut ? unitCost.micros * units : undefined,
    expectedCostCurrency: unitCost.currency,
    error: sent.status === 'sent' ? undefined : sent.error,
    posting: closingPosting(send, sent.status, atMs),
    queryAtMs: queryAtMs(send, sent, atMs),
    tried: isOut ? [] : sent.tries.flatMap(toFailedTry),
    unsent: unsentReason(walked) ?? (isFallen ? 'refused' : undefined),
    isFallen,
    atMs,
  }
}

function toFailedTry({ providerId, result, startedAtMs: atMs }: Try): readonly FailedTry[] {
  if (result.kind === 'accepted') return []
  const { kind, code } = result.error
  return [{ providerId, kind, code, atMs }]
}

/** Surely not sent, and nobody said that this number is not to be written to. */
const mayGoElsewhere = (sent: Walked['sent']): boolean =>
  sent.status === 'failed' && SEND_ERRORS[sent.error.kind].elsewhere

/** Undefined where it was sent or may have been, where nobody waits for it, and where its number is why. */
function unsentReason({ sent, reason }: Walked): UnsentReason | undefined {
  if (sent.status !== 'failed') return undefined
  if (sent.tries.length === 0) return reason ?? (sent.retryable ? 'exhausted' : unplanned(sent))
  const { elsewhere, blamesNumber } = SEND_ERRORS[sent.error.kind]
  if (!elsewhere || blamesNumber) return undefined
  return sent.retryable ? 'exhausted' : 'refused'
}

const unplanned = ({ error }: { readonly error: SendError }): UnsentReason | undefined =>
  error.code === 'no_route' ? 'no_route' : undefined

function queryAtMs({ rate }: Send, { status }: Walked['sent'], atMs: number): number | undefined {
  if (status === 'unknown') return atMs + ASK_UNKNOWN_MS
  return status === 'sent' && rate.billOn === 'delivered' ? atMs + ASK_UNHEARD_MS : undefined
}

/** A code whose turn would come after its life is better told to have failed now, as is one that another channel can take sooner. */
export const waitOf = (
  { expiresAtMs }: Send,
  notBeforeMs: number,
  { mayFall, nowMs }: { readonly mayFall: boolean; readonly nowMs: number },
): Walked | Waiting =>
  notBeforeMs < (mayFall ? Math.min(expiresAtMs, nowMs + WAIT_BEFORE_FALL_MS) : expiresAtMs)
    ? { kind: 'waiting', notBeforeMs }
    : { ...unsent({ code: 'no_room_in_time', kind: 'throttled', reason: 'no_room' }), mayFall }

type Unasked = {
  readonly code: string
  readonly kind?: SendErrorKind
  readonly reason?: UnsentReason
}

/** The end of a walk that asked nobody. */
export const unsent = ({ code, kind = 'unknown', reason }: Unasked): Walked => ({
  kind: 'walked',
  ...(reason === undefined ? {} : { reason }),
  sent: { status: 'failed', error: sendError(kind, code), retryable: false, tries: [] },
  segments: 0,
  unitCost: NO_COST,
  mayFall: false,
})
