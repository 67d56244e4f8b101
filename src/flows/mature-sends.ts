import type { House } from './house.ts'

const BATCH = 200

type MaturingHouse = Pick<House, 'platform' | 'verifications' | 'velocity'> & {
  readonly policy: () => { readonly ruleSet: { readonly maturitySeconds: number } }
}

/**
 * Counts codes that nobody typed within the maturity time as unverified. Each is counted once; a code that comes in later
 * corrects the count. Answers how many were looked at.
 */
export async function matureSends(house: MaturingHouse): Promise<number> {
  const nowMs = house.platform.nowMs()
  const sentBeforeMs = nowMs - house.policy().ruleSet.maturitySeconds * 1000
  const matured = await house.verifications.takeMatured(sentBeforeMs, BATCH)
  for (const { state, subjects, price, createdAtMs } of matured) {
    if (state !== 'open') continue
    await house.velocity.record({
      kind: 'unverified',
      atMs: nowMs,
      sentAtMs: createdAtMs,
      subjects,
      price,
    })
  }
  return matured.length
}
