import type { AccountId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import type { SeenFeatures } from '../risk/features.ts'
import type { House } from './house.ts'
import { type Asked, type Judgement, judge } from './judge.ts'
import type { Policy } from './policy.ts'

type PardoningHouse = Pick<House, 'platform' | 'velocity'>

export type Pardoned = {
  readonly judged: Judgement
  readonly pardon: 'given' | 'spent' | undefined
}

/**
 * Rules and score, with challenges taken back as long as the account's pardons of the last 24 hours cost less than the policy allows:
 * whoever makes himself look like somebody to be pardoned gains no more than that. Where it cannot be counted nothing is pardoned.
 */
export async function judgeWithPardons(
  house: PardoningHouse,
  policy: Policy,
  { asked, features }: { readonly asked: Asked; readonly features: SeenFeatures },
): Promise<Pardoned> {
  const mild = judge(policy, asked, features)
  if (mild.verdict.isPardoned === undefined) return { judged: mild, pardon: undefined }
  const strict = judge(policy, { ...asked, pardoning: false }, features)
  if (strict.verdict.policyOutcome === mild.verdict.policyOutcome)
    return { judged: mild, pardon: undefined }
  const { price, service, country } = asked
  const claim = { accountId: service.accountId, price, country }
  return (await claimPardon(house, claim, policy.ruleSet.pardonedPerDay))
    ? { judged: mild, pardon: 'given' }
    : { judged: strict, pardon: 'spent' }
}

type Claim = {
  readonly accountId: AccountId
  readonly price: Micros
  readonly country: string
}

/** Pardons are counted like the requests of one more device: every store can do that, and no device has such a key. */
async function claimPardon(
  { platform, velocity }: PardoningHouse,
  { accountId, price, country }: Claim,
  most: number,
): Promise<boolean> {
  const atMs = platform.nowMs()
  const subjects = { device: `pardons:${accountId}` }
  if (price > most) return false
  try {
    const { device } = await velocity.observe({ atMs, subjects, country })
    if ((device?.spend_24h ?? 0) + price > most) return false
    await velocity.record({ kind: 'sent', atMs, sentAtMs: atMs, subjects, price })
    return true
  } catch {
    platform.log.error('velocity.unavailable', { while: 'pardon' })
    return false
  }
}
