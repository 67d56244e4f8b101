import { challengerName, type ShadowQuery, type ShadowRow } from '../risk/shadow.ts'
import type { House } from './house.ts'

export type ShadowReport = {
  readonly rows: readonly ShadowRow[]
  /** What is on trial now. */
  readonly challenger: string | undefined
}

/** What shadow rules and challengers would have done, from the hourly aggregates alone. */
export async function shadowReport(
  { shadow, policy }: Pick<House, 'shadow' | 'policy'>,
  query: ShadowQuery,
): Promise<ShadowReport> {
  const { challenger } = policy()
  return {
    rows: await shadow.totals(query),
    challenger:
      challenger &&
      challengerName({
        rulesVersion: challenger.ruleSet.version,
        modelVersion: challenger.model?.version ?? 'none',
      }),
  }
}
