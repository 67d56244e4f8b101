import type { Page, VerificationFilter } from '../../codes/verification-store.ts'
import type { AccountId } from '../../domain/ids.ts'
import type { VerificationStatus } from '../../domain/verification.ts'
import type { Vault } from '../../platform/vault.ts'
import type { SqlValue, Statement } from '../database.ts'
import { phoneHashOf } from './privacy.ts'
import { AFTER_ALL_IDS } from './statements.ts'

type Condition = { readonly sql: string; readonly args: readonly SqlValue[] }

/** `statusOf` in SQL: the same precedence, read against the same clock. */
const STATUS: Record<VerificationStatus, (nowMs: number) => Condition> = {
  challenge_required: () => ({ sql: `state = 'challenged'`, args: [] }),
  blocked: () => ({ sql: `state = 'blocked'`, args: [] }),
  approved: () => ({ sql: `state = 'approved'`, args: [] }),
  canceled: () => ({ sql: `state = 'canceled'`, args: [] }),
  expired: (nowMs) => ({ sql: `state = 'open' AND expires_at_ms <= ?`, args: [nowMs] }),
  max_attempts_reached: (nowMs) => ({
    sql: `state = 'open' AND expires_at_ms > ? AND attempts >= attempts_max`,
    args: [nowMs],
  }),
  pending: (nowMs) => ({
    sql: `state = 'open' AND expires_at_ms > ? AND attempts < attempts_max`,
    args: [nowMs],
  }),
}

/** Newest first; `fromMs` is inside, `toMs` is not. */
export function listStatement(
  vault: Vault,
  accountId: AccountId,
  { filter, page }: { readonly filter: VerificationFilter; readonly page: Page },
): Statement {
  const { phone, status, outcome, serviceId, fromMs, toMs } = filter
  const conditions: Condition[] = [
    { sql: 'account_id = ?', args: [accountId] },
    { sql: 'id < ?', args: [page.before ?? AFTER_ALL_IDS] },
  ]
  if (phone !== undefined) {
    conditions.push({ sql: 'phone_hash = ?', args: [phoneHashOf(vault, phone)] })
  }
  if (status !== undefined) conditions.push(STATUS[status](page.nowMs))
  if (outcome !== undefined) conditions.push({ sql: 'outcome = ?', args: [outcome] })
  if (serviceId !== undefined) conditions.push({ sql: 'service_id = ?', args: [serviceId] })
  if (fromMs !== undefined) conditions.push({ sql: 'created_at_ms >= ?', args: [fromMs] })
  if (toMs !== undefined) conditions.push({ sql: 'created_at_ms < ?', args: [toMs] })
  const where = conditions.map((condition) => condition.sql).join(' AND ')
  return {
    sql: `SELECT * FROM verifications WHERE ${where} ORDER BY id DESC LIMIT ?`,
    args: [...conditions.flatMap((condition) => condition.args), page.limit],
  }
}
