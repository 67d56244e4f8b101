import { ZERO } from '../domain/money.ts'
import { challengerName, type ShadowQuery, type ShadowRow } from '../risk/shadow.ts'
import type { House } from './house.ts'

export type ShadowReport = {
  readonly rows: readonly ShadowRow[]
  /** What is on trial now. */
  readonly challenger: string | undefined
}

/** What lets a message through or only moves a score stops no money, whatever became of the messages. */
const moneyOf = (row: ShadowRow): ShadowRow =>
  row.would === 'block' || row.would === 'challenge' ? row : { ...row, stopped: ZERO, good: ZERO }

/** What shadow rules and challengers would have done, from the hourly aggregates alone. */
export async function shadowReport(
  { shadow, policy }: Pick<House, 'shadow' | 'policy'>,
  query: ShadowQuery,
): Promise<ShadowReport> {
  const { challenger } = policy()
  return {
    rows: (await shadow.totals(query)).map(moneyOf),
    challenger:
      challenger &&
      challengerName({
        rulesVersion: challenger.ruleSet.version,
        modelVersion: challenger.model?.version ?? 'none',
      }),
  }
}
