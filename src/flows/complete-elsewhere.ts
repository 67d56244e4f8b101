import { isTest, type VerificationKey } from '../domain/verification.ts'
import type { House } from './house.ts'
import { noteOutcome } from './remember.ts'

export type CompletingHouse = Pick<
  House,
  'platform' | 'verifications' | 'velocity' | 'ranges' | 'rangeBlocks' | 'customers'
>

/** The person got in another way: the code is dead, and its silence says nothing about fraud. */
export async function completeElsewhere(
  house: CompletingHouse,
  key: VerificationKey,
): Promise<boolean> {
  const nowMs = house.platform.nowMs()
  const found = await house.verifications.find(key)
  if (found === undefined || !(await house.verifications.cancel(key, nowMs))) return false
  if (found.matured && !isTest(found)) {
    const { subjects, price, createdAtMs } = found
    await house.velocity.record({
      kind: 'excused',
      atMs: nowMs,
      sentAtMs: createdAtMs,
      subjects,
      price,
    })
    await noteOutcome(house, found, { kind: 'excused', atMs: nowMs })
  }
  return true
}
