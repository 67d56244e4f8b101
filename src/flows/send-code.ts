import { reserve } from '../billing/postings.ts'
import type { HardLimits, Refusal } from '../codes/verification-store.ts'
import type { Decision, HardStop } from '../domain/decision.ts'
import { newId } from '../domain/ids.ts'
import { Problem } from '../domain/problems.ts'
import type { Rate } from '../domain/rate.ts'
import type { CodeSend } from '../domain/send.ts'
import type { Verification } from '../domain/verification.ts'
import type { Service } from '../tenancy/tenancy.ts'
import type { Started } from './commands.ts'
import type { House } from './house.ts'
import { raiseStop } from './raise-events.ts'

/** One number gets no more than this in a day, whoever asks: nobody can be bombed by way of many accounts. */
const PHONE_DAY_ALL_ACCOUNTS = 40

/** The outbox row of a verification's next send. */
export function draftSend(
  house: Pick<House, 'platform'>,
  verification: Verification,
  rate: Rate,
): CodeSend {
  return {
    id: newId('VL', house.platform),
    verificationId: verification.id,
    accountId: verification.accountId,
    serviceId: verification.serviceId,
    phone: verification.phone,
    channel: verification.channel,
    generation: verification.sends,
    status: 'queued',
    price: verification.price,
    currency: verification.currency,
    rate,
    createdAtMs: house.platform.nowMs(),
    expiresAtMs: verification.expiresAtMs,
  }
}

/** What goes with a send into one write: the price set aside and the limits it must keep. */
export async function guardsOf(
  { budgets }: Pick<House, 'budgets'>,
  send: CodeSend,
  service: Service,
) {
  const limits: HardLimits = {
    phoneMinute: service.phonePerMinute,
    phoneHour: service.phonePerHour,
    phoneDay: service.phonePerDay,
    phoneDayAllAccounts: PHONE_DAY_ALL_ACCOUNTS,
    serviceHour: service.hourlyBudget,
    serviceDay: service.dailyBudget,
    budgets: await budgets.inForce(send.accountId, send.createdAtMs),
  }
  return { send, reservation: reserve(send, send.createdAtMs), limits }
}

/** Once the row is written: counts the money and wakes the dispatcher. A counter that fails costs nobody a code. */
export async function afterSend(
  house: Pick<House, 'platform' | 'velocity' | 'wake'>,
  verification: Verification,
  { send, service }: { readonly send: CodeSend; readonly service: Service },
): Promise<void> {
  const { subjects, locale } = verification
  const { kind } = send.rate
  const asker = { kind, hasWaited: false }
  const routed = send.generation === 1 ? { service, send, locale, asker } : undefined
  house.wake({ id: send.id, kind, routed })
  const { createdAtMs: atMs, price } = send
  try {
    await house.velocity.record({ kind: 'sent', atMs, sentAtMs: atMs, subjects, price })
  } catch {
    house.platform.log.error('velocity.unavailable', { while: 'send' })
  }
}

const STOP_DETAIL: Record<HardStop, string> = {
  phone_minute_cap: 'This number got a code within the last minute.',
  phone_hour_cap: 'This number got all the codes it may get in an hour.',
  phone_day_cap: 'This number got all the codes it may get in a day.',
  phone_day_cap_all_accounts:
    'This number got all the codes it may get in a day from everybody together.',
  service_hour_budget: 'The budget of this service for this hour is used up.',
  service_day_budget: 'The budget of this service for this day is used up.',
  service_month_budget: 'The budget of this service for this month is used up.',
  account_hour_budget: 'The budget of this account for this hour is used up.',
  account_day_budget: 'The budget of this account for this day is used up.',
  account_month_budget: 'The budget of this account for this month is used up.',
  country_hour_budget: 'The budget for this country for this hour is used up.',
  country_day_budget: 'The budget for this country for this day is used up.',
  country_month_budget: 'The budget for this country for this month is used up.',
}

/** A hard stop refuses what the policy had let through, and says so in the stored decision. */
export function stoppedDecision(decision: Decision, stop: HardStop): Decision {
  const reason = { code: stop, detail: STOP_DETAIL[stop] }
  const reasons = decision.policyOutcome === 'allow' ? [] : decision.reasons
  return { ...decision, outcome: 'block', stop, reasons: [reason, ...reasons] }
}

/** Stores a refused request with its decision and tells the caller, who is not told more than the service allows. */
export async function refuseSend(
  house: Pick<House, 'platform' | 'verifications' | 'challenges' | 'tenancy' | 'events'>,
  verification: Verification,
  refusal: Refusal,
): Promise<Started> {
  if (refusal.kind === 'short') throw new Problem('balance_exhausted')
  if (refusal.kind === 'challenge_spent') return setChallenge(house, verification)
  const decision = stoppedDecision(verification.decision, refusal.stop)
  const blocked: Verification = { ...verification, state: 'blocked', decision, sends: 0 }
  await house.verifications.refuse(blocked)
  await raiseStop(house, blocked, refusal)
  const waitMs = refusal.retryAtMs - house.platform.nowMs()
  return {
    kind: 'limited',
    verification: blocked,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  }
}

/** Stores the request as challenged and sets a challenge that only this account and number can use. */
export async function setChallenge(
  house: Pick<House, 'verifications' | 'challenges'>,
  verification: Verification,
): Promise<Started> {
  const challenged: Verification = { ...verification, state: 'challenged', sends: 0 }
  await house.verifications.refuse(challenged)
  const { accountId, phone, decision } = verification
  const challenge = await house.challenges.make({ accountId, phone }, decision.score)
  return { kind: 'challenge', verification: challenged, challenge }
}
