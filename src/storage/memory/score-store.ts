import {
  SCORE_DAYS,
  type ScoreCount,
  type ScoreOwner,
  type ScoreStore,
} from '../../risk/own-scores.ts'

/** Scores of one process: of each account and model the days that still count. */
export class MemoryScoreStore implements ScoreStore {
  private readonly owners = new Map<string, Map<string, ScoreCount>>()

  async add({ accountId, modelVersion }: ScoreOwner, counts: readonly ScoreCount[]): Promise<void> {
    const key = `${accountId} ${modelVersion}`
    const own = this.owners.get(key) ?? new Map<string, ScoreCount>()
    this.owners.set(key, own)
    let newest = 0
    for (const { day, bin, count } of counts) {
      const place = `${day} ${bin}`
      own.set(place, { day, bin, count: count + (own.get(place)?.count ?? 0) })
      newest = Math.max(newest, day)
    }
    dropBefore(own, newest - SCORE_DAYS)
  }

  async since({ accountId, modelVersion }: ScoreOwner, day: number) {
    const own = this.owners.get(`${accountId} ${modelVersion}`)
    return [...(own?.values() ?? [])].filter((each) => each.day >= day)
  }

  async purge(beforeDay: number): Promise<void> {
    for (const own of this.owners.values()) dropBefore(own, beforeDay)
  }
}

function dropBefore(own: Map<string, ScoreCount>, beforeDay: number): void {
  for (const [place, { day }] of own) if (day < beforeDay) own.delete(place)
}
