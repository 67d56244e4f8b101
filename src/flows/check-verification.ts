import { sameCode } from '../codes/derive-code.ts'
import { isSameNet, parseIp } from '../domain/ip.ts'
import { askersOf } from '../domain/subjects.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import type { CheckCommand, CheckResult } from './commands.ts'
import type { House } from './house.ts'
import { learnScore } from './own-thresholds.ts'
import { raiseFailed } from './raise-events.ts'
import { noteOutcome } from './remember.ts'
import { expectedCode } from './test-number.ts'

type CheckHouse = Pick<
  House,
  | 'platform'
  | 'codes'
  | 'verifications'
  | 'velocity'
  | 'ranges'
  | 'rangeBlocks'
  | 'customers'
  | 'ownScores'
  | 'tenancy'
  | 'events'
>

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
    if (!isTest(verification)) await countWrong(house, verification, { attempt, atMs: nowMs })
    const attemptsLeft = verification.attemptsMax - attempt
    if (attemptsLeft === 0) await raiseFailed(house, verification)
    return { kind: 'wrong_code', verification, attemptsLeft }
  }
  const won = await house.verifications.approve(key, nowMs)
  if (!won) return { kind: 'closed', verification, status: 'approved' }
  if (!isTest(verification))
    await countVerified(house, verification, { atMs: nowMs, ip: command.ip })
  return {
    kind: 'approved',
    verification: { ...verification, state: 'approved', closedAtMs: nowMs },
  }
}

/** People mistype once, seldom twice; who is wrong so often is guessing. */
const GUESSING_FROM = 3

/**
 * The first wrong code is noted as such; the third counts like a challenge that was not passed. Both against whoever asked
 * and not against the number, which may be a victim's.
 */
async function countWrong(
  house: CheckHouse,
  verification: Verification,
  { attempt, atMs }: { readonly attempt: number; readonly atMs: number },
): Promise<void> {
  if (attempt !== 1 && attempt !== GUESSING_FROM) return
  const subjects = askersOf(verification.subjects)
  const { price, createdAtMs } = verification
  try {
    await house.velocity.record(
      attempt === 1
        ? { kind: 'mistyped', atMs, sentAtMs: createdAtMs, subjects, price }
        : { kind: 'challenged', atMs, sentAtMs: atMs, subjects, price },
    )
  } catch {
    house.platform.log.warn('velocity.unavailable', { while: 'check' })
  }
}

/** An approval stands whatever the counters do. */
async function countVerified(
  house: CheckHouse,
  verification: Verification,
  { atMs, ip }: { readonly atMs: number; readonly ip: string | undefined },
): Promise<void> {
  const { subjects, price, createdAtMs, matured } = verification
  const kind = matured ? 'corrected' : 'verified'
  try {
    await house.velocity.record({ kind, atMs, sentAtMs: createdAtMs, subjects, price })
  } catch {
    house.platform.log.warn('velocity.unavailable', { while: 'check' })
  }
  await noteTyped(house, verification, { atMs, ip })
}

/** What a range learns of a conversion, and the number with it: a code is believed less when it comes from elsewhere. */
async function noteTyped(
  house: CheckHouse,
  verification: Verification,
  { atMs, ip }: { readonly atMs: number; readonly ip: string | undefined },
): Promise<void> {
  const { createdAtMs, matured, subjects } = verification
  const sameNetwork = isSameNetwork(verification.ip, ip)
  const kind = matured ? 'late' : 'typed'
  const typed = { atMs, delayMs: atMs - createdAtMs, sameNetwork }
  await noteOutcome(house, verification, { kind, ...typed })
  await learnScore(house, verification, typed)
  if (sameNetwork === false || subjects.phone === undefined) return
  await house.customers.learn(subjects.phone, atMs).catch(() => {
    house.platform.log.warn('customers.unavailable', { while: 'check' })
  })
}

function isSameNetwork(asked: string | undefined, typed: string | undefined): boolean | undefined {
  const [from, at] = [asked, typed].map((ip) => (ip === undefined ? undefined : parseIp(ip)))
  return from === undefined || at === undefined ? undefined : isSameNet(from, at)
}
