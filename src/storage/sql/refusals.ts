import type { HardLimits, Refusal } from '../../codes/verification-store.ts'
import { budgetWindow } from '../../domain/budget.ts'
import type { HardStop } from '../../domain/decision.ts'
import type { Stopped } from '../../domain/refusal.ts'
import type { Send } from '../../domain/send.ts'
import { StorageError } from '../database.ts'
import { hasRoomAtMs, mostWithin } from '../phone-caps.ts'
import {
  fullStatement,
  type Matched,
  matchedBy,
  periodOfStop,
  stopOfConstraint,
  toBudget,
} from './budget-statements.ts'
import { IS_LOST, IS_OVER, MINUTE_MS } from './limit-statements.ts'
import { phoneHashOf, type SqlStoreDeps } from './privacy.ts'
import { DAY_MS, dayStart, HOUR_MS, hourStart, statement } from './statements.ts'

type Cap = {
  readonly windowMs: number
  readonly limit: (limits: HardLimits) => number
  readonly allAccounts: boolean
  /** Whether messages that did not arrive count less, or where they are over not at all. */
  readonly spares: 'nothing' | 'lost' | 'over'
}

const CAPS: Partial<Record<HardStop, Cap>> = {
  phone_minute_cap: {
    windowMs: MINUTE_MS,
    limit: (l) => l.phoneMinute,
    allAccounts: false,
    spares: 'over',
  },
  phone_hour_cap: {
    windowMs: HOUR_MS,
    limit: (l) => l.phoneHour,
    allAccounts: false,
    spares: 'lost',
  },
  phone_day_cap: { windowMs: DAY_MS, limit: (l) => l.phoneDay, allAccounts: false, spares: 'lost' },
  phone_day_cap_all_accounts: {
    windowMs: DAY_MS,
    limit: (l) => l.phoneDayAllAccounts,
    allAccounts: true,
    spares: 'nothing',
  },
}

/** The constraint that failed, when it is one that refuses rather than one that is our mistake. */
export const brokenConstraint = (error: unknown): string | undefined =>
  error instanceof StorageError ? error.constraint : undefined

/** What a failed batch says to the caller; throws the error again when it was no refusal. */
export async function refusalOf(
  deps: SqlStoreDeps,
  error: unknown,
  { send, limits }: { readonly send: Send; readonly limits: HardLimits },
): Promise<Refusal> {
  const constraint = brokenConstraint(error)
  const over = stopOfConstraint(constraint)
  const load = { sends: 1, price: send.price }
  if (over !== undefined) return overBudget(deps, over, [{ ...matchedBy(send), ...load }])
  switch (constraint) {
    case 'prepaid_covers':
      return { kind: 'short' }
    case 'spent_challenges.nonce':
      return { kind: 'challenge_spent' }
    case 'service_hour_budget':
      return stopped(constraint, hourStart(send.createdAtMs) + HOUR_MS)
    case 'service_day_budget':
      return stopped(constraint, dayStart(send.createdAtMs) + DAY_MS)
    case 'phone_minute_cap':
    case 'phone_hour_cap':
    case 'phone_day_cap':
    case 'phone_day_cap_all_accounts':
      return stopped(constraint, await capLiftsAtMs(deps, constraint, { send, limits }))
    default:
      throw error
  }
}

export const stopped = (stop: HardStop, retryAtMs: number): Stopped => ({
  kind: 'stopped',
  stop,
  retryAtMs,
})

/** Which budget it was is looked up afterwards; by then there may be room again, and the refusal stands without its name. */
export async function overBudget(
  { db }: SqlStoreDeps,
  stop: HardStop,
  loads: readonly (Matched & { readonly sends: number; readonly price: number })[],
): Promise<Stopped> {
  const { endsAtMs } = budgetWindow(periodOfStop(stop) ?? 'hour', loads[0]?.createdAtMs ?? 0)
  const refusal = { kind: 'stopped', stop, retryAtMs: endsAtMs } as const
  for (const load of loads) {
    const [row] = await db.driver.all(fullStatement(load, stop, load))
    if (row !== undefined) return { ...refusal, budget: toBudget(row) }
  }
  return refusal
}

const COUNTED = `SELECT created_at_ms, ?5 = 'lost' AND ${IS_LOST} AS is_lost FROM sends
WHERE phone_hash = ?1 AND kind = 'otp' AND created_at_ms > ?2 AND (?3 OR account_id = ?4)
  AND NOT (?5 = 'over' AND ${IS_OVER})
ORDER BY created_at_ms DESC LIMIT ?6`

/** When the window has room again; a full window later when the limit lets nothing through. */
async function capLiftsAtMs(
  { db, vault }: SqlStoreDeps,
  stop: HardStop,
  { send, limits }: { readonly send: Send; readonly limits: HardLimits },
): Promise<number> {
  const cap = CAPS[stop]
  if (cap === undefined || cap.limit(limits) < 1) return send.createdAtMs + (cap?.windowMs ?? 0)
  const { windowMs } = cap
  const limit = cap.limit(limits)
  const rows = await db.driver.all(
    statement(
      COUNTED,
      phoneHashOf(vault, send.phone),
      send.createdAtMs - windowMs,
      cap.allAccounts ? 1 : 0,
      send.accountId,
      cap.spares,
      mostWithin(limit),
    ),
  )
  const codes = rows.map((row) => ({
    atMs: Number(row.created_at_ms),
    isLost: row.is_lost === 1,
  }))
  return hasRoomAtMs(codes, { limit, windowMs }) ?? send.createdAtMs + windowMs
}
