import type { HardLimits } from '../../codes/verification-store.ts'
import type { Batch } from '../../domain/batch.ts'
import type { Send } from '../../domain/send.ts'
import type { VerificationKey } from '../../domain/verification.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Statement } from '../database.ts'
import { countStatement } from './budget-statements.ts'
import { phoneHashOf } from './privacy.ts'
import { DAY_MS, dayStart, HOUR_MS, hourStart, statement } from './statements.ts'

export const MINUTE_MS = 60_000

/** Of a row of `sends`, see `hasRoomAtMs`. */
export const IS_LOST = "status IN ('undelivered', 'failed')"
/** It surely did not arrive or never left for no fault of its number, so nobody needs to wait a minute for it. */
export const IS_OVER = "(status = 'undelivered' OR unsent IS NOT NULL)"

const counted = (those: string): string =>
  `(count(*) FILTER (WHERE ${those}) - count(*) FILTER (WHERE ${those} AND ${IS_LOST}) / 2)`

/**
 * Counts the codes that were accepted for this number in exact rolling windows, and inserts into `send_guards` only when this
 * send would be one too many; the CHECK that then fails is named after the limit. Of those that did not arrive two count as one in
 * the hour and the day, the same as in `hasRoomAtMs`.
 */
const GUARD_SEND = `INSERT INTO send_guards (day_all_left, day_left, hour_left, minute_left, resendable)
SELECT * FROM (
  SELECT
    ?4 - 1 - count(*) AS day_all_left,
    ?5 - 1 - ${counted('account_id = ?2')} AS day_left,
    ?6 - 1 - ${counted(`account_id = ?2 AND created_at_ms > ?3 - ${HOUR_MS}`)} AS hour_left,
    ?7 - 1 - count(*) FILTER (WHERE account_id = ?2 AND created_at_ms > ?3 - ${MINUTE_MS} AND NOT ${IS_OVER})
      AS minute_left,
    1
  FROM sends WHERE phone_hash = ?1 AND kind = 'otp' AND created_at_ms > ?3 - ${DAY_MS}
) WHERE min(day_all_left, day_left, hour_left, minute_left) < 0`

/** Aborts its batch when the number has had its share. */
export const sendGuard = (vault: Vault, send: Send, limits: HardLimits): Statement =>
  statement(
    GUARD_SEND,
    phoneHashOf(vault, send.phone),
    send.accountId,
    send.createdAtMs,
    limits.phoneDayAllAccounts,
    limits.phoneDay,
    limits.phoneHour,
    limits.phoneMinute,
  )

const GUARD_RESEND = `INSERT INTO send_guards (day_all_left, day_left, hour_left, minute_left, resendable)
SELECT 0, 0, 0, 0, 0 WHERE NOT EXISTS (
  SELECT 1 FROM verifications WHERE account_id = ? AND id = ? AND state = 'open' AND expires_at_ms > ?
  AND attempts < attempts_max AND sends < sends_max AND sends = ? - 1
)`

/** Aborts its batch unless the verification takes exactly this generation next. */
export const resendGuard = (key: VerificationKey, send: Send): Statement =>
  statement(GUARD_RESEND, key.accountId, key.id, send.createdAtMs, send.generation)

/** The limit of the day stands first, so that the longer wait is the one that is named. */
const spending = (micros: string): string => `INSERT INTO service_spend
  (service_id, period, window_start_ms, spent_micros, limit_micros)
SELECT ?1, column1, column2, ${micros}, column3 FROM (VALUES ('day', ?3, ?4), ('hour', ?5, ?6))
WHERE column3 IS NOT NULL
ON CONFLICT (service_id, period, window_start_ms) DO UPDATE SET
  spent_micros = spent_micros + excluded.spent_micros, limit_micros = excluded.limit_micros`

const SPEND = spending('?2')

/** Takes the send out of all budgets, or aborts its batch; nothing to do where there are none. */
export const spendStatements = (send: Send, limits: HardLimits): readonly Statement[] => [
  ...serviceSpend(send, limits),
  ...(limits.budgets ? [countStatement(send)] : []),
]

const SPEND_BATCH = spending(
  '(SELECT coalesce(sum(price_micros), 0) FROM sends WHERE batch_id = ?2)',
)

/** Takes all that a batch sends out of the service's own two. Follows the inserts of its sends. */
export function spendBatchStatements(
  { id, serviceId, createdAtMs }: Batch,
  { serviceDay, serviceHour }: Pick<HardLimits, 'serviceDay' | 'serviceHour'>,
): readonly Statement[] {
  if (serviceDay === undefined && serviceHour === undefined) return []
  const windows = [dayStart(createdAtMs), serviceDay ?? null, hourStart(createdAtMs)]
  return [statement(SPEND_BATCH, serviceId, id, ...windows, serviceHour ?? null)]
}

/** Of the service's own two, which do not count what is free. */
function serviceSpend(send: Send, limits: HardLimits): readonly Statement[] {
  const { serviceDay, serviceHour } = limits
  if (send.price === 0 || (serviceDay === undefined && serviceHour === undefined)) return []
  return [
    statement(
      SPEND,
      send.serviceId,
      send.price,
      dayStart(send.createdAtMs),
      serviceDay ?? null,
      hourStart(send.createdAtMs),
      serviceHour ?? null,
    ),
  ]
}
