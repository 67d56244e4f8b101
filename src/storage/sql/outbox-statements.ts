import type {
  Dispatched,
  FallenSpan,
  LeaseSpan,
  QueryPace,
  Returned,
  Wanted,
} from '../../channels/outbox-store.ts'
import type { Places } from '../../channels/places.ts'
import { NUMBER_BLAMING_KINDS } from '../../domain/send-error.ts'
import type { Statement } from '../database.ts'
import { triedText } from './dead-letter-store.ts'
import { statement } from './statements.ts'

const DUE = `kind IN ('otp', 'notice', 'bulk') AND due_at_ms <= ?1`

/** Somebody was asked to carry it, and whoever asked is gone. */
const ABANDON = `UPDATE sends SET status = 'unknown', due_at_ms = NULL, query_at_ms = ?1, changed_at_ms = ?1,
  error_kind = 'unknown', error_code = 'dispatcher_gone', error_text = NULL
WHERE ${DUE} AND status = 'sending' AND provider_id IS NOT NULL RETURNING id`

export const abandonStatement = (nowMs: number): Statement => statement(ABANDON, nowMs)

const oldest = (kind: string, rank: number, limit: string): string => `SELECT * FROM (
  SELECT id, due_at_ms, ${rank} AS rank FROM sends WHERE kind = '${kind}' AND due_at_ms <= ?2
  ORDER BY due_at_ms, id LIMIT ${limit}
)`

/** See `choose` in `places.ts`, which does the same. */
const LEASE_DUE = `UPDATE sends SET status = 'sending', due_at_ms = ?1, tries = tries + 1 WHERE id IN (
  SELECT id FROM (
    SELECT *, row_number() OVER (PARTITION BY rank ORDER BY due_at_ms, id) AS place FROM (
      ${oldest('otp', 0, '?3')} UNION ALL ${oldest('notice', 1, '?4')} UNION ALL ${oldest('bulk', 2, '?5')}
    )
  ) ORDER BY place <= CASE rank WHEN 1 THEN ?6 WHEN 2 THEN ?7 ELSE 0 END DESC, rank, due_at_ms, id LIMIT ?3
) RETURNING *`

export const leaseDueStatement = (
  { nowMs, leaseUntilMs }: LeaseSpan,
  { all, most, kept }: Places,
): Statement =>
  statement(
    LEASE_DUE,
    leaseUntilMs,
    nowMs,
    all,
    Math.min(all, most.notice),
    Math.min(all, most.bulk),
    kept.notice,
    kept.bulk,
  )

const LEASE_THESE = `UPDATE sends SET status = 'sending', due_at_ms = ?1, tries = tries + 1,
  provider_id = asked, asked_at_ms = iif(asked IS NULL, NULL, ?2)
FROM (SELECT value ->> 0 AS wanted, value ->> 1 AS asked FROM json_each(?3))
WHERE id = wanted AND status = 'queued' AND due_at_ms <= ?2 RETURNING *`

export const leaseTheseStatement = (
  wanted: readonly Wanted[],
  { nowMs, leaseUntilMs }: LeaseSpan,
): Statement => {
  const list = wanted.map(({ id, providerId }) => [id, providerId ?? null])
  return statement(LEASE_THESE, leaseUntilMs, nowMs, JSON.stringify(list))
}

/** Finds those of the lease in the same transaction; may find a few more, which are then not looked at. */
export const LEASED_VERIFICATIONS = `SELECT v.* FROM sends s
JOIN verifications v ON v.account_id = s.account_id AND v.id = s.verification_id
WHERE s.kind IN ('otp', 'notice', 'bulk') AND s.due_at_ms = ?`

/** The same for messages of batches. */
const MESSAGES = `SELECT m.*, b.template, b.locale, b.canceled_at_ms FROM sends s
JOIN batch_messages m ON m.batch_id = s.batch_id AND m.id = s.id JOIN batches b ON b.id = s.batch_id`
export const MESSAGE = `${MESSAGES} WHERE s.id = ?`
export const LEASED_MESSAGES = `${MESSAGES}
WHERE s.kind IN ('notice', 'bulk') AND s.due_at_ms = ?`

export const ASK = `UPDATE sends SET provider_id = ?3, asked_at_ms = ?4
WHERE id = ?1 AND status = 'sending' AND tries = ?2 RETURNING id`

/** Two JSON lists as one; null stands for an empty one. */
const joined = (more: string): string => `CASE WHEN ${more} IS NULL THEN tried
  ELSE coalesce(substr(tried, 1, length(tried) - 1) || ',' || substr(${more}, 2), ${more}) END`

/**
 * An acceptance counts whoever reports it; anything else only from the holder of the latest lease. A message id that another send has
 * already would make two sends share receipts, so it is not kept.
 */
const FINISH = `UPDATE sends SET status = ?2, due_at_ms = NULL, provider_id = ?3,
  provider_message_id = CASE WHEN EXISTS (
    SELECT 1 FROM sends o WHERE o.provider_id = ?3 AND o.provider_message_id = ?4 AND o.id <> ?1
  ) THEN NULL ELSE ?4 END,
  segments = ?5, cost_micros = ?6, cost_currency = ?7, expected_cost_micros = ?8,
  expected_cost_currency = ?13, error_kind = ?9, error_code = ?10, error_text = ?11, changed_at_ms = ?12,
  settled_at_ms = CASE WHEN ?2 IN ('failed', 'delivered') THEN ?12 END, query_at_ms = ?15,
  tried = ${joined('?16')}, unsent = ?17, falls_at_ms = ?18
WHERE id = ?1 AND status IN ('queued', 'sending', 'unknown') AND (?2 IN ('sent', 'delivered') OR tries = ?14)`

export const finishStatement = (one: Dispatched): Statement =>
  statement(
    FINISH,
    one.sendId,
    one.status,
    one.providerId ?? null,
    one.providerMessageId ?? null,
    one.segments ?? null,
    ...costOf(one),
    one.expectedCostMicros ?? null,
    ...errorOf(one),
    one.atMs,
    one.expectedCostCurrency ?? null,
    one.tries,
    one.queryAtMs ?? null,
    triedText(one.tried),
    one.unsent ?? null,
    one.isFallen ? one.atMs : null,
  )

const costOf = ({ cost }: Dispatched) => [cost?.micros ?? null, cost?.currency ?? null]

const errorOf = ({ error }: Dispatched) => [
  error?.kind ?? null,
  error?.code ?? null,
  error?.text ?? null,
]

const GIVE_BACK = `UPDATE sends SET status = 'queued', due_at_ms = ?3, rounds = ?4, provider_id = NULL,
  tried = ${joined('?5')}
WHERE id = ?1 AND status = 'sending' AND tries = ?2`

export const giveBackStatement = (one: Returned): Statement =>
  statement(GIVE_BACK, one.sendId, one.tries, one.notBeforeMs, one.rounds, triedText(one.tried))

export const SEND_AGAIN = `UPDATE sends SET status = 'queued', due_at_ms = ?3, rounds = rounds + 1,
  provider_id = NULL, query_at_ms = NULL
WHERE id = ?1 AND status = 'unknown' AND tries = ?2 RETURNING id`

const TAKE_FALLEN = `UPDATE sends SET falls_at_ms = ?2 WHERE id IN (
  SELECT id FROM sends WHERE falls_at_ms <= ?1 ORDER BY falls_at_ms LIMIT ?3
) RETURNING id`

export const takeFallenStatement = ({ nowMs, againAtMs, limit }: FallenSpan): Statement =>
  statement(TAKE_FALLEN, nowMs, againAtMs, limit)

/** Whoever sent it by another channel may have died before they said so; then its next generation tells. */
const TAKEN_BY = `coalesce(?2, taken_by, (
  SELECT next.channel FROM sends next WHERE next.verification_id = sends.verification_id
    AND next.generation = sends.generation + 1 AND next.channel <> sends.channel
))`

const IS_NUMBER_TO_BLAME = `error_kind IN (${NUMBER_BLAMING_KINDS.map((kind) => `'${kind}'`).join(', ')})`

export const CLOSE_FALLEN = `UPDATE sends SET falls_at_ms = NULL, taken_by = ${TAKEN_BY},
  unsent = iif(${IS_NUMBER_TO_BLAME} AND ${TAKEN_BY} IS NULL, NULL, unsent)
WHERE id = ?1`

const TAKE_UNHEARD = `UPDATE sends
SET query_at_ms = ?1 + max(?2, min(?1 - coalesce(asked_at_ms, created_at_ms), ?3)) WHERE id IN (
  SELECT id FROM sends WHERE query_at_ms <= ?1 ORDER BY query_at_ms LIMIT ?4
) RETURNING id`

export const takeUnheardStatement = ({ nowMs, leastMs, mostMs, limit }: QueryPace): Statement =>
  statement(TAKE_UNHEARD, nowMs, leastMs, mostMs, limit)
