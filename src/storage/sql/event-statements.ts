import { TRIED_FOR_MS } from '../../webhooks/schedule.ts'
import { totalsOf } from './batch-statements.ts'

export const WANTED = 'SELECT 1 FROM webhooks LIMIT 1'

export const RAISE = `INSERT INTO webhook_events (id, account_id, type, once, at_ms, verification_id, send_id, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

export const DELIVER = `INSERT INTO webhook_deliveries (event_id, webhook_id, status, tries, due_at_ms, give_up_at_ms)
VALUES (?, ?, 'pending', 0, ?, ?)`

const EXPIRED_WATCHES = `SELECT rowid, * FROM webhook_watches WHERE expires_at_ms <= ?1
ORDER BY expires_at_ms, verification_id LIMIT ?2`

/** One that used up its attempts failed before it expired; normally that was told at once, and this keeps nothing. */
export const RAISE_EXPIRED = `INSERT INTO webhook_events (id, account_id, type, once, at_ms, verification_id, data)
SELECT printf('EV%012x', at_ms) || iif(failed, 'a6', 'a5') || substr(id, -18), account_id, type, id || ' ' || type, at_ms, id,
  json_object('state', 'open', 'attempts', attempts, 'sends', sends)
FROM (
  SELECT v.*, v.attempts >= v.attempts_max AS failed, v.expires_at_ms - (v.attempts >= v.attempts_max) AS at_ms,
    iif(v.attempts >= v.attempts_max, 'verification.failed', 'verification.expired') AS type
  FROM (${EXPIRED_WATCHES}) w JOIN verifications v ON v.account_id = w.account_id AND v.id = w.verification_id
  WHERE v.state = 'open'
) WHERE true ON CONFLICT DO NOTHING`

export const FORGET_EXPIRED = `DELETE FROM webhook_watches WHERE rowid IN (SELECT rowid FROM (${EXPIRED_WATCHES}))
RETURNING verification_id`

/** From the webhooks, so that a long queue of one hides nobody's. */
export const DUE = `SELECT account_id, id FROM webhooks w WHERE disabled_at_ms IS NULL AND EXISTS (
  SELECT 1 FROM webhook_deliveries WHERE webhook_id = w.id AND due_at_ms <= ?
)`

export const LEASE = `UPDATE webhook_deliveries SET due_at_ms = ?3, tries = tries + 1 WHERE rowid IN (
  SELECT rowid FROM webhook_deliveries WHERE webhook_id = ?1 AND due_at_ms <= ?2 ORDER BY due_at_ms, event_id LIMIT ?4
) RETURNING *`

/** Finds those of the lease in the same transaction; may find a few more, which are then not looked at. */
const LEASED = `FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id`
export const LEASED_EVENTS = `SELECT e.* ${LEASED} WHERE d.webhook_id = ? AND d.due_at_ms = ?`
export const LEASED_VERIFICATIONS = `SELECT DISTINCT v.* ${LEASED}
JOIN verifications v ON v.account_id = e.account_id AND v.id = e.verification_id WHERE d.webhook_id = ? AND d.due_at_ms = ?`
const FINISHED = `SELECT e.batch_id ${LEASED} WHERE e.type = 'batch.finished' AND d.webhook_id = ? AND d.due_at_ms = ?`
export const LEASED_BATCHES = `SELECT * FROM batches WHERE id IN (${FINISHED})`
export const LEASED_TOTALS = totalsOf(FINISHED)
export const LEASED_MESSAGES = `SELECT DISTINCT m.* ${LEASED}
JOIN batch_messages m ON m.batch_id = e.batch_id AND m.id = e.send_id WHERE d.webhook_id = ? AND d.due_at_ms = ?`
export const ENABLED =
  'SELECT * FROM webhooks WHERE account_id = ? AND id = ? AND disabled_at_ms IS NULL'

export const LOG = `INSERT INTO webhook_attempts (event_id, webhook_id, id, at_ms, took_ms, status, answer_sealed, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
export const SETTLE = `UPDATE webhook_deliveries SET status = ?3, due_at_ms = ?4
WHERE event_id = ?1 AND webhook_id = ?2 AND due_at_ms = ?5`
export const RECOVERED = `UPDATE webhooks SET failing_since_ms = NULL, failures = 0
WHERE account_id = ? AND id = ? AND failing_since_ms IS NOT NULL`
export const FAILED = `UPDATE webhooks SET failing_since_ms = coalesce(failing_since_ms, ?3), failures = failures + ?4
WHERE account_id = ?1 AND id = ?2`
export const DISABLE = `UPDATE webhooks SET disabled_reason = iif(?4, 'gone', 'failing'), disabled_at_ms = ?3
WHERE account_id = ?1 AND id = ?2 AND disabled_at_ms IS NULL
  AND (?4 OR (failing_since_ms <= ?5 AND failures >= ?6)) RETURNING id`

const DELIVERIES = `SELECT d.*, e.type, e.at_ms FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id`
export const PAGE = `${DELIVERIES} WHERE d.webhook_id = ?1 AND d.event_id < ?2 AND (?3 IS NULL OR d.status = ?3)
ORDER BY d.event_id DESC LIMIT ?4`
export const ONE = `${DELIVERIES} WHERE d.webhook_id = ? AND d.event_id = ?`
export const ATTEMPTS = `SELECT * FROM webhook_attempts WHERE event_id IN (SELECT value FROM json_each(?)) AND webhook_id = ?
ORDER BY event_id, id`

const AGAIN = `UPDATE webhook_deliveries SET status = 'pending', tries = 0, due_at_ms = ?1, give_up_at_ms = ?1 + ${TRIED_FOR_MS}`
export const REPLAY = `${AGAIN} WHERE webhook_id = ?2 AND event_id = ?3 RETURNING event_id`
const IN_WINDOW = `webhook_id = ?2 AND event_id >= ?3 AND event_id < ?4 AND due_at_ms IS NULL
AND (?5 OR status <> 'delivered')`
export const COUNT_WINDOW = `SELECT count(*) AS found FROM webhook_deliveries WHERE ${IN_WINDOW}`
export const REPLAY_WINDOW = `${AGAIN} WHERE ${IN_WINDOW}`

export const purgeOf = (table: string, column: string): string =>
  `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${column} < ? ORDER BY ${column} LIMIT ?)`
