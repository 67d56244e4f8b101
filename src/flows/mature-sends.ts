import type { Verification } from '../domain/verification.ts'
import type { House } from './house.ts'
import { destinationOf, noteOutcome } from './remember.ts'

/** Looked at in one call: fewer means that none is left. */
export const MATURED_AT_ONCE = 200

type MaturingHouse = Pick<
  House,
  'platform' | 'verifications' | 'outbox' | 'velocity' | 'ranges' | 'rangeBlocks' | 'customers'
> & {
  readonly policy: () => { readonly ruleSet: { readonly maturitySeconds: number } }
}

/** Requests whose time to answer is over, and those among them whose message is known not to have arrived. */
export type Matured = {
  readonly matured: readonly Verification[]
  readonly lost: ReadonlySet<Verification['id']>
}

/**
 * Counts codes that nobody typed within the maturity time as unverified. Each is counted once; a code that comes in later
 * corrects the count. A message that did not arrive says next to nothing of who asked for it: only the ranges learn of it.
 * Answers how many were looked at, and tells of them.
 */
export async function matureSends(
  house: MaturingHouse,
  tell: (matured: Matured) => Promise<void> = async () => {},
): Promise<number> {
  const nowMs = house.platform.nowMs()
  const sentBeforeMs = nowMs - house.policy().ruleSet.maturitySeconds * 1000
  const matured = await house.verifications.takeMatured(sentBeforeMs, MATURED_AT_ONCE)
  if (matured.length === 0) return 0
  const silent = matured.filter(({ state }) => state === 'open')
  const lost = await house.outbox.undeliveredOf(silent.map(({ id }) => id))
  await house.ranges.together(silent.map(destinationOf), async (ranges) => {
    const { platform, customers, rangeBlocks } = house
    const telling = { platform, customers, ranges, rangeBlocks }
    for (const verification of silent) {
      const { subjects, price, createdAtMs: sentAtMs } = verification
      const arrived = !lost.has(verification.id)
      const kind = arrived ? 'unanswered' : 'undelivered'
      await noteOutcome(telling, verification, { kind, atMs: nowMs })
      if (!arrived) continue
      await house.velocity.record({ kind: 'unverified', atMs: nowMs, sentAtMs, subjects, price })
    }
  })
  await tell({ matured, lost })
  return matured.length
}
