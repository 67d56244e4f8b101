/**
 * What reservations and closings come to, as common table expressions that end in `moves (side, account, amount, currency)`. The books
 * themselves tell it in the statement that writes it, so nobody can come between. The same in plain functions:
 * `billing/spell-out.ts`; one suite holds the two together.
 */

const SEG = `'SEG'`
const MICROS = 1_000_000

/** Packages that fit, in the order of their use: ?1 account, ?4 instant, ?13 market (null: no packages), ?14 kind, ?15 country. */
const OPEN = `open AS (
  SELECT p.id, b.balance_micros / ${MICROS} AS units,
    sum(b.balance_micros / ${MICROS}) OVER (
      ORDER BY p.expires_at_ms, p.granted_at_ms, p.id ROWS UNBOUNDED PRECEDING
    ) AS through
  FROM packages p JOIN ledger_balances b ON b.account = 'package:' || p.id AND b.currency = ${SEG}
  WHERE p.account_id = ?1 AND p.market = ?13 AND (p.kind IS NULL OR p.kind = ?14)
    AND (p.countries IS NULL OR EXISTS (SELECT 1 FROM json_each(p.countries) WHERE value = ?15))
    AND p.valid_from_ms <= ?4 AND p.expires_at_ms > ?4 AND b.balance_micros > 0
)`

/** For `OPEN`, and ?10 currency, ?11 segments, ?12 unit price. */
export const RESERVE = `${OPEN}, taken AS (
  SELECT id, min(units, ?11 - (through - units)) AS units FROM open WHERE through - units < ?11
), rest AS (
  SELECT ?11 - coalesce(sum(units), 0) AS units FROM taken
), moves (side, account, amount, currency) AS (
  SELECT 0, 'package:' || id, -${MICROS} * units, ${SEG} FROM taken
  UNION ALL SELECT 1, 'reserved:' || id, ${MICROS} * units, ${SEG} FROM taken
  UNION ALL SELECT 2, 'prepaid:' || ?1, -?12 * units, ?10 FROM rest WHERE units > 0
  UNION ALL SELECT 3, 'held:' || ?1, ?12 * units, ?10 FROM rest WHERE units > 0
)`

/**
 * The same for all that the batch ?2 sends to one country, in the order of its messages: `moves (send_id, …)`. Segments of messages and of packages
 * are laid end to end; where two overlap, the one pays for the other.
 */
export const RESERVE_BATCH = `${OPEN}, wanted AS (
  SELECT id AS send_id, rated_segments AS units,
    sum(rated_segments) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS through
  FROM sends WHERE batch_id = ?2 AND country = ?15
), taken AS (
  SELECT w.send_id, o.id, min(w.through, o.through) - max(w.through - w.units, o.through - o.units) AS units
  FROM wanted w JOIN open o ON w.through - w.units < o.through AND o.through - o.units < w.through
), rest AS (
  SELECT send_id, max(0, min(units, through - (SELECT coalesce(max(through), 0) FROM open))) AS units FROM wanted
), moves (send_id, side, account, amount, currency) AS (
  SELECT send_id, 0, 'package:' || id, -${MICROS} * units, ${SEG} FROM taken
  UNION ALL SELECT send_id, 1, 'reserved:' || id, ${MICROS} * units, ${SEG} FROM taken
  UNION ALL SELECT send_id, 2, 'prepaid:' || ?1, -?12 * units, ?10 FROM rest WHERE units > 0
  UNION ALL SELECT send_id, 3, 'held:' || ?1, ?12 * units, ?10 FROM rest WHERE units > 0
)`

/** What the send's reservation put aside goes to `target`, an expression over its account. */
const closeTo = (target: string): string => `kept AS (
  SELECT account, amount_micros AS amount, currency, ${target} AS target FROM ledger_entries
  WHERE posting_key = 'reserve:' || ?6 AND account_id = ?1 AND amount_micros > 0
), moves (side, account, amount, currency) AS (
  SELECT 0, account, -amount, currency FROM kept
  UNION ALL SELECT 1, target, sum(amount), currency FROM kept GROUP BY target, currency
)`

const IS_HELD = `substr(account, 1, 5) = 'held:'`

/** `reserved:PK…` without its first word. */
const PACKAGE_ID = 'substr(account, 10)'

export const CLOSE = {
  settle: closeTo(`CASE WHEN ${IS_HELD} THEN 'revenue:' || ?1 ELSE 'used:' || ?1 END`),
  release: closeTo(`CASE WHEN ${IS_HELD} THEN 'prepaid:' || ?1
    WHEN EXISTS (
      SELECT 1 FROM packages WHERE id = ${PACKAGE_ID} AND (expires_at_ms <= ?4 OR lapsed_at_ms IS NOT NULL)
    ) THEN 'lapsed:' || ?1
    ELSE 'package:' || ${PACKAGE_ID} END`),
} as const
