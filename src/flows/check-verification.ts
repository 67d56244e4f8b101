import { sameCode } from '../codes/derive-code.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import type { CheckCommand, CheckResult } from './commands.ts'
import type { House } from './house.ts'
import { expectedCode } from './test-number.ts'

type CheckHouse = Pick<House, 'platform' | 'codes' | 'verifications' | 'velocity' | 'tenancy'>

/** Spends an attempt, compares, lets one winner approve, and tells the counters. A wrong code is an answer, not an error. */
export async function checkVerification(
  house: CheckHouse,
  command: CheckCommand,
): Promise<CheckResult> {
  const nowMs = house.platform.nowMs()
  const key = { accountId: command.accountId, id: command.id }
  const claim = await house.verifications.claimAttempt(key, nowMs)
  if (claim.kind !== 'open') return claim
  const { verification, attempt } = claim
  const expected = await expectedCode(house, verification, command)
  if (!sameCode(expected, command.code)) {
    return { kind: 'wrong_code', verification, attemptsLeft: verification.attemptsMax - attempt }
  }
  const won = await house.verifications.approve(key, nowMs)
  if (!won) return { kind: 'closed', verification, status: 'approved' }
  if (!isTest(verification)) await countVerified(house, verification, nowMs)
  return {
    kind: 'approved',
    verification: { ...verification, state: 'approved', closedAtMs: nowMs },
  }
}

/** An approval stands whatever the counters do. */
async function countVerified(
  house: CheckHouse,
  verification: Verification,
  atMs: number,
): Promise<void> {
  const { subjects, price, createdAtMs, matured } = verification
  const kind = matured ? 'corrected' : 'verified'
  try {
    await house.velocity.record({ kind, atMs, sentAtMs: createdAtMs, subjects, price })
  } catch {
    house.platform.log.warn('velocity.unavailable', { while: 'check' })
  }
}
