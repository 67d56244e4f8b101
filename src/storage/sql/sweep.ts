import type { SqlDriver } from '../database.ts'
import { DAY_MS, statement } from './statements.ts'

/**
 * Deletes what no request can ask for any more: solved challenges that have expired by themselves, receipts that nobody
 * claimed for a day, and budgets of windows that ended. Verifications, sends and the ledger have their own retention.
 */
export async function sweepExpired(driver: SqlDriver, nowMs: number): Promise<void> {
  await driver.batch([
    statement('DELETE FROM spent_challenges WHERE expires_at_ms <= ?', nowMs),
    statement('DELETE FROM early_receipts WHERE received_at_ms <= ?', nowMs - DAY_MS),
    statement('DELETE FROM service_spend WHERE window_start_ms <= ?', nowMs - 2 * DAY_MS),
    statement('DELETE FROM budget_windows WHERE ends_at_ms <= ?', nowMs - DAY_MS),
  ])
}
