import type { SqlDriver } from '../database.ts'
import { DAY_MS, statement } from './statements.ts'

/** No receipt is waited for as long. */
const PARTS_DAYS = 7

/**
 * Deletes what no request can ask for any more: solved challenges that have expired by themselves, receipts that nobody
 * claimed for a day, the parts of old texts, and budgets of windows that ended. Verifications, sends and the ledger have their own retention.
 */
export async function sweepExpired(driver: SqlDriver, nowMs: number): Promise<void> {
  await driver.batch([
    statement('DELETE FROM spent_challenges WHERE expires_at_ms <= ?', nowMs),
    statement('DELETE FROM early_receipts WHERE received_at_ms <= ?', nowMs - DAY_MS),
    statement('DELETE FROM message_parts WHERE kept_at_ms <= ?', nowMs - PARTS_DAYS * DAY_MS),
    statement('DELETE FROM service_spend WHERE window_start_ms <= ?', nowMs - 2 * DAY_MS),
    statement('DELETE FROM budget_windows WHERE ends_at_ms <= ?', nowMs - DAY_MS),
  ])
}
