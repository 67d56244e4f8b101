import { expect, test } from 'vitest'
import { newId } from '../../../src/domain/ids.ts'
import { openScoreBook } from '../../../src/flows/score-book.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../../src/platform/virtual.ts'
import { type ScoreStore, scoreBin } from '../../../src/risk/own-scores.ts'

const platform = virtualPlatform({ clock: virtualClock(0), dice: seededDice(1) })
const owner = { accountId: newId('AC', platform), modelVersion: 'forest-1' }
const other = { accountId: newId('AC', platform), modelVersion: 'forest-1' }
const DAY = 86_400_000
const NOW = 20_000 * DAY

/** What every store of scores promises. */
export function scoreSuite(name: string, open: () => Promise<ScoreStore>): void {
  test(`${name}: counts of one bin and day add up, and stay with their account and model`, async () => {
    const store = await open()
    await store.add(owner, [
      { day: 20_000, bin: 3, count: 2 },
      { day: 19_999, bin: 3, count: 1 },
    ])
    await store.add(owner, [{ day: 20_000, bin: 3, count: 5 }])
    await store.add(owner, [])
    const kept = await store.since(owner, 19_990)
    expect(kept.toSorted((one, another) => one.day - another.day)).toEqual([
      { day: 19_999, bin: 3, count: 1 },
      { day: 20_000, bin: 3, count: 7 },
    ])
    expect(await store.since(other, 0)).toEqual([])
    expect(await store.since({ ...owner, modelVersion: 'forest-2' }, 0)).toEqual([])
  })

  test(`${name}: what is older than two weeks is forgotten`, async () => {
    const store = await open()
    await store.add(owner, [{ day: 20_000, bin: 3, count: 2 }])
    await store.purge(20_000)
    expect(await store.since(owner, 0)).toHaveLength(1)
    await store.purge(20_001)
    expect(await store.since(owner, 0)).toEqual([])
  })

  test(`${name}: another process decides by what one has learned, ten minutes later`, async () => {
    const store = await open()
    const [here, there] = [openScoreBook(store), openScoreBook(store)]
    expect((await there.sketchOf(owner, NOW))?.total).toBe(0)
    for (let at = 0; at < 50; at++) await here.learn(owner, 0.4, NOW + at)
    await here.flush(NOW + 100)
    expect((await there.sketchOf(owner, NOW + 1_000))?.total).toBe(0)
    const sketch = await there.sketchOf(owner, NOW + 601_000)
    expect(sketch?.total).toBe(50)
    expect(sketch?.counts[scoreBin(0.4)]).toBe(50)
  })
}
