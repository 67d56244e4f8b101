import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryRangeWatch } from '../../../src/risk/ranges/memory-watch.ts'
import {
  type RangeOutcome,
  type RangeSight,
  type RangeWatch,
  SIGHT_FIELDS,
} from '../../../src/risk/ranges/watch.ts'
import {
  ALICE,
  BOB,
  destination,
  type RangeEvent,
  rangeEvents,
  START_MS,
  tellWatch,
} from '../../support/range-traffic.ts'
import type { KeptRanges } from './kept-ranges.ts'

const DAY = 86_400_000
const PLACE = destination('+994501231000', 'AZ')
const ask = (place = PLACE, atMs = START_MS) => ({ ...place, atMs, known: false })
const outcome = (change: Partial<RangeOutcome> = {}): RangeOutcome => ({
  ...PLACE,
  atMs: START_MS,
  kind: 'unanswered',
  known: false,
  delayMs: 9_000,
  sameNetwork: undefined,
  ...change,
})
const peek = async (watch: RangeWatch, place = PLACE, atMs = START_MS) =>
  watch.look({ ...place, atMs, known: true })
const levelOf = ({ levels }: RangeSight, kind: string) => levels.find((one) => one.kind === kind)

/** Two stores decay by different mathematics libraries; they agree to far less than anything that is decided on. */
function expectSame(told: RangeSight | undefined, expected: RangeSight | undefined): void {
  expect(told === undefined).toBe(expected === undefined)
  if (told === undefined || expected === undefined) return
  const numbersOf = (sight: RangeSight) => [
    ...SIGHT_FIELDS.map((field) => [field, sight[field]] as const),
    ...sight.levels.flatMap(({ kind, key, ...level }) =>
      Object.entries(level).map(([name, value]) => [`${kind} ${key} ${name}`, value] as const),
    ),
  ]
  const wanted = new Map(numbersOf(expected))
  expect(told.levels.map(({ kind, key }) => [kind, key])).toEqual(
    expected.levels.map(({ kind, key }) => [kind, key]),
  )
  for (const [name, value] of numbersOf(told)) {
    expect(value, name).toBeCloseTo(wanted.get(name) ?? Number.NaN, 6)
  }
}

/** Fifty believed conversions at home, so that any other country of Alice is a rare one. */
async function settle(watch: RangeWatch): Promise<void> {
  const home = destination('+447411239999', 'GB')
  for (const accountId of [ALICE, BOB]) {
    await watch.look(ask(destination('+447411239999', 'GB', accountId)))
  }
  await watch.together([home], async (learner) => {
    for (let index = 0; index < 50; index++) {
      const delayMs = 6_000 + (index % 9) * 5_000
      await learner.note(outcome({ ...home, kind: 'typed', delayMs, sameNetwork: true }))
    }
  })
}

/** `open` answers a maker of empty watches, of which only the last one made is used; `runs` of each property. */
export type RangeWatchMakers = {
  readonly open: () => Promise<() => Promise<RangeWatch>>
  readonly runs: number
}

/** What every watch of ranges promises. */
export function rangeWatchSuite(name: string, { open, runs }: RangeWatchMakers): void {
  const make = async () => (await open())()

  test(`${name}: a request is counted in its own sight, once in each of its ranges`, async () => {
    const watch = await make()
    const { levels } = await watch.look(ask())
    expect(levels.map(({ kind }) => kind)).toEqual(['range2', 'range3', 'range4', 'country'])
    expect(levels.map(({ asksDay }) => asksDay)).toEqual([1, 1, 1, 1])
  })

  test(`${name}: a hundred requests at once get a hundred different counts`, async () => {
    const watch = await make()
    const sights = await Promise.all(Array.from({ length: 100 }, async () => watch.look(ask())))
    const counts = sights.map((sight) => Math.round(levelOf(sight, 'country')?.asksDay ?? 0))
    expect(counts.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
  })

  test(`${name}: of a hundred outcomes at once none is lost`, async () => {
    const watch = await make()
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) =>
        watch.note(outcome({ kind: index % 4 === 0 ? 'typed' : 'unanswered', sameNetwork: true })),
      ),
    )
    const { outcomes, levels } = await peek(watch)
    expect(outcomes).toBeCloseTo(100, 6)
    expect(levels[0]?.unanswered).toBeGreaterThanOrEqual(75 - 1e-6)
  })

  test(`${name}: rare countries of an account make one another suspect`, async () => {
    const watch = await make()
    await settle(watch)
    for (let index = 0; index < 8; index++) {
      const place = destination(`+9945012310${10 + index}`, 'AZ')
      await watch.look(ask(place))
      await watch.note(outcome(place))
    }
    const atMs = START_MS + DAY / 2
    const elsewhere = await watch.look(ask(destination('+770112345678', 'KZ'), atMs))
    expect(elsewhere.rare_suspicion).toBeGreaterThan(0.5)
    expect(elsewhere.rare_excess).toBeGreaterThan(1)
    const atHome = await watch.look(ask(destination('+447411230001', 'GB'), atMs))
    expect(atHome.rare_suspicion).toBe(0)
  })

  test(`${name}: known customers are not counted`, async () => {
    const watch = await make()
    for (let at = 0; at < 5; at++) await watch.look({ ...ask(), known: true })
    await watch.note(outcome({ known: true }))
    expect(await peek(watch)).toMatchObject({ surge: 0, outcomes: 0 })
  })

  test(`${name}: a forgiven range starts anew, the ranges around it do not`, async () => {
    const watch = await make()
    for (let at = 0; at < 8; at++) await watch.note(outcome())
    await watch.forgive('range3', PLACE.subjects.range3 ?? '')
    const sight = await peek(watch)
    expect(levelOf(sight, 'range3')?.outcomes).toBe(0)
    expect(levelOf(sight, 'range4')?.outcomes).toBeCloseTo(8, 6)
  })

  test(`${name}: outcomes told together are told as one by one, also when the task fails`, async () => {
    const makeNext = await open()
    const outcomes = Array.from({ length: 12 }, (_, index) => {
      const place = destination(`+9945012310${10 + index}`, 'AZ', index % 3 === 0 ? BOB : undefined)
      return outcome({ ...place, kind: index % 5 === 0 ? 'typed' : 'unanswered' })
    })
    const one = await makeNext()
    const expected: RangeSight[] = []
    for (const each of outcomes) await one.note(each)
    for (const place of outcomes) expected.push(await peek(one, place))
    const all = await makeNext()
    const told = all.together(outcomes, async (learner) => {
      for (const each of outcomes) await learner.note(each)
      throw new RangeError('after the last one')
    })
    await expect(told).rejects.toThrow('after the last one')
    for (const place of outcomes) expectSame(await peek(all, place), expected.shift())
  })

  test(`${name}: a range that is forgiven among outcomes is forgiven`, async () => {
    const watch = await make()
    await watch.note(outcome())
    await watch.together([PLACE], async (learner) => {
      await learner.note(outcome())
      await learner.forgive('range2', PLACE.subjects.range2 ?? '')
      await learner.note(outcome())
    })
    expect(levelOf(await peek(watch), 'range2')?.outcomes).toBeCloseTo(1, 6)
    expect(levelOf(await peek(watch), 'range3')?.outcomes).toBeCloseTo(3, 6)
  })

  test(`${name}: neighbours are seen among the last numbers of a range`, async () => {
    const watch = await make()
    let sight = await watch.look(ask())
    for (const last of [1, 500, 501, 900, 3]) {
      const phone = `+99450123${String(1_000 + last)}`
      sight = await watch.look(ask(destination(phone, 'AZ')))
    }
    // 1 next to 0, 501 to 500, 3 to 1, which is the fourth back.
    expect(sight.sequence).toBeCloseTo(3 / 6, 6)
  })

  test(`${name}: it says what a watch in memory says, over arbitrary traffic`, async () => {
    const makeNext = await open()
    await fc.assert(
      fc.asyncProperty(rangeEvents({ maxLength: 60 }), async (events) => {
        const [watch, memory] = [await makeNext(), new MemoryRangeWatch()]
        for (const one of [watch, memory]) await settle(one)
        for (const event of events) {
          expectSame(await tellWatch(watch, event), await tellWatch(memory, event))
        }
      }),
      { numRuns: runs },
    )
  })

  test(`${name}: more unanswered sends in a range never lower its suspicion`, async () => {
    const makeNext = await open()
    const before = rangeEvents({ maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(before, fc.integer({ min: 1, max: 6 }), async (events, more) => {
        const watch = await makeNext()
        for (const event of events) await tellWatch(watch, event)
        const atMs = START_MS + lengthOf(events)
        let last = (await peek(watch, PLACE, atMs)).suspicion
        for (let at = 0; at < more; at++) {
          await watch.note(outcome({ atMs }))
          const { suspicion } = await peek(watch, PLACE, atMs)
          expect(suspicion).toBeGreaterThanOrEqual(last - 1e-9)
          last = suspicion
        }
      }),
      { numRuns: runs },
    )
  })
}

function lengthOf(events: readonly RangeEvent[]): number {
  const times = events.map((event) => {
    if (event.what === 'ask') return event.ask.atMs
    return event.what === 'outcome' ? event.outcome.atMs : START_MS
  })
  return Math.max(START_MS, ...times) - START_MS
}

/** What a watch beside the process promises. */
export function keptRangeWatchSuite(name: string, open: () => Promise<KeptRanges>): void {
  test(`${name}: what one process counts another one sees`, async () => {
    const { make } = await open()
    const [one, other] = [make(), make()]
    await one.look(ask())
    await one.note(outcome())
    const sight = await other.look(ask())
    expect(levelOf(sight, 'range2')).toMatchObject({ asksDay: 2, outcomes: 1 })
  })

  test(`${name}: cells of a week ago go in bounded steps, accounts and countries after two months`, async () => {
    const { make, rows } = await open()
    const watch = make()
    for (let at = 0; at < 20; at++) {
      await watch.look(ask(destination(`+4474${10_000_000 + at * 7_919}`, 'GB')))
    }
    const all = await rows()
    expect(await watch.purge(START_MS + 7 * DAY, 1_000)).toBe(0)
    expect(await watch.purge(START_MS + 8 * DAY, 10)).toBe(10)
    while ((await watch.purge(START_MS + 8 * DAY, 10)) > 0);
    expect(await rows()).toBe(2)
    expect(all).toBeGreaterThan(50)
    expect(await watch.purge(START_MS + 61 * DAY, 10)).toBe(2)
    expect(await rows()).toBe(0)
  })

  test(`${name}: no whole number is kept in clear`, async () => {
    const { make, text } = await open()
    const watch = make()
    await watch.look(ask())
    const kept = await text()
    expect(kept).toContain('9945012310')
    expect(kept).not.toContain('994501231000')
    expect(kept).not.toContain('501231000')
  })
}
