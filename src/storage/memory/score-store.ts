import {
  SCORE_DAYS,
  type ScoreCount,
  type ScoreOwner,
  type ScoreStore,
} from '../../risk/own-scores.ts'

type Day = Map<number, ScoreCount>

/** Scores of one process: of each account and model the days that still count, and of each day its bins. */
export class MemoryScoreStore implements ScoreStore {
  private readonly owners = new Map<string, Map<number, Day>>()

  async add({ accountId, modelVersion }: ScoreOwner, counts: readonly ScoreCount[]): Promise<void> {
    const key = `${accountId} ${modelVersion}`
    const own = this.owners.get(key) ?? new Map<number, Day>()
    this.owners.set(key, own)
    let newest = 0
    for (const { day, bin, count } of counts) {
      const bins: Day = own.get(day) ?? new Map()
      bins.set(bin, { day, bin, count: count + (bins.get(bin)?.count ?? 0) })
      own.set(day, bins)
      newest = Math.max(newest, day)
    }
    dropBefore(own, newest - SCORE_DAYS)
  }

  async since({ accountId, modelVersion }: ScoreOwner, day: number) {
    const own = this.owners.get(`${accountId} ${modelVersion}`)
    const counts: ScoreCount[] = []
    for (const [each, bins] of own ?? []) if (each >= day) counts.push(...bins.values())
    return counts
  }

  async purge(beforeDay: number): Promise<void> {
    for (const own of this.owners.values()) dropBefore(own, beforeDay)
  }
}

function dropBefore(own: Map<number, Day>, beforeDay: number): void {
  for (const day of own.keys()) if (day < beforeDay) own.delete(day)
}
