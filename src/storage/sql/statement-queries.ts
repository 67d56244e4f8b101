/** Entries sort by their instant, so a span is a range of the key: ?1 account, ?2 first id, ?3 first id after it. */
const SPAN = 'account_id = ?1 AND id >= ?2 AND id < ?3'

/** Free messages leave no posting; they count when they were made. */
const CLOSINGS = `SELECT send_id,
  sum(amount_micros) FILTER (WHERE substr(account, 1, 8) = 'revenue:') AS price,
  sum(amount_micros) FILTER (WHERE substr(account, 1, 5) = 'used:') / 1000000 AS package_segments
FROM ledger_entries
WHERE ${SPAN} AND substr(posting_key, 1, 6) = 'close:' AND amount_micros > 0 AND send_id IS NOT NULL
GROUP BY send_id
UNION ALL SELECT id, iif(status = 'failed', NULL, 0), NULL FROM sends
WHERE account_id = ?1 AND price_micros = 0 AND created_at_ms >= ?4 AND created_at_ms < ?5
  AND status IN ('sent', 'delivered', 'undelivered', 'failed')`

export const SENT = `SELECT country, kind, channel, provider_id, cost_currency,
  sum(billed) AS sends, sum(NOT billed) AS unbilled, sum(delivered) AS delivered, sum(billed * rated_segments) AS segments,
  sum(package_segments) AS package_segments, sum(price) AS price, sum(cost) AS cost
FROM (
  SELECT s.country, s.kind, s.channel, s.provider_id, s.rated_segments, s.status = 'delivered' AS delivered,
    c.price IS NOT NULL OR c.package_segments IS NOT NULL AS billed,
    coalesce(c.price, 0) AS price, coalesce(c.package_segments, 0) AS package_segments,
    iif(s.cost_micros IS NULL, s.expected_cost_currency, s.cost_currency) AS cost_currency,
    coalesce(s.cost_micros, iif(s.status = 'failed', 0, s.expected_cost_micros), 0) AS cost
  FROM (${CLOSINGS}) c CROSS JOIN sends s ON s.id = c.send_id
)
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`

const FIRST_WORD = (text: string): string => `substr(${text}, 1, instr(${text}, ':') - 1)`

/** One statement, so that balances and movements are of one moment: ?4 month, ?5 currency. */
export const MOVEMENTS = `SELECT ${FIRST_WORD('posting_key')} AS posting, ${FIRST_WORD('account')} AS place, currency,
  sum(amount_micros) AS amount, NULL AS opening
FROM ledger_entries WHERE ${SPAN} GROUP BY 1, 2, 3
UNION ALL
SELECT NULL, ${FIRST_WORD('account')}, currency, sum(net_micros), coalesce(sum(net_micros) FILTER (WHERE month < ?4), 0)
FROM ledger_months
WHERE account IN ('prepaid:' || ?1, 'held:' || ?1) AND currency = ?5 AND month <= ?4 GROUP BY account`

export const PACKAGES = `SELECT p.id, p.reference, sum(-e.amount_micros) / 1000000 AS segments
FROM (
  SELECT posting_key, account, amount_micros FROM ledger_entries
  WHERE ${SPAN} AND currency = 'SEG' AND amount_micros < 0
    AND substr(posting_key, 1, 6) = 'close:' AND substr(account, 1, 9) = 'reserved:'
) e JOIN packages p ON p.id = substr(e.account, 10)
WHERE EXISTS (
  SELECT 1 FROM ledger_entries WHERE posting_key = e.posting_key AND account = 'used:' || ?1
)
GROUP BY p.id ORDER BY p.id`

/** Re-ratings one by one, since their keys tell of what; of the others only the sum. */
export const EARNED = `SELECT ${FIRST_WORD('posting_key')} AS posting,
  iif(substr(posting_key, 1, 7) = 'rerate:', posting_key, NULL) AS rerating, currency, sum(amount_micros) AS amount
FROM ledger_entries
WHERE ${SPAN} AND account = 'revenue:' || ?1 AND substr(posting_key, 1, 6) <> 'close:'
GROUP BY 1, 2, 3`

export const ACCOUNTS = 'SELECT id, currency FROM accounts WHERE id > ? ORDER BY id LIMIT ?'

export const BOOKINGS = `SELECT at_ms, posting_key, amount_micros, note, send_id FROM ledger_entries
WHERE ${SPAN} AND account = 'prepaid:' || ?1 AND ${FIRST_WORD('posting_key')} NOT IN ('reserve', 'close')
ORDER BY id LIMIT ?4`

export const REFUSED = `SELECT strftime('%Y-%m-%d', hour_start_ms / 1000, 'unixepoch') AS day, country,
  sum(blocked) AS blocked, sum(challenged) AS challenged, sum(saved_micros) AS saved
FROM traffic_hours WHERE account_id = ?1 AND hour_start_ms >= ?2 AND hour_start_ms < ?3
GROUP BY 1, 2 HAVING sum(blocked) + sum(challenged) > 0 ORDER BY 1, 2`

export const KEPT = `SELECT statement FROM kept_statements
WHERE account_id = ? AND month = ? AND shape = ? AND statement IS NOT NULL`

/** What another release kept, and what somebody left undone. */
export const FORGET_KEPT = `DELETE FROM kept_statements
WHERE account_id = ?1 AND month = ?2 AND (shape <> ?3 OR statement IS NULL AND begun_at_ms <= ?4)`

export const BEGIN_KEEPING = `INSERT INTO kept_statements (account_id, month, shape, begun_at_ms) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING RETURNING id`

/** A number is never given again, so a row that was deleted meanwhile is not found. */
export const KEEP = 'UPDATE kept_statements SET statement = ?2 WHERE id = ?1'
