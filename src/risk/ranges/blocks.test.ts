import { expect, test } from 'vitest'
import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import { advanced, closed, closes, isForgotten, learned, mayProbe } from './blocks.ts'
import type { RangeLevel } from './watch.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 0, 5)
const LEVEL: RangeLevel = {
  kind: 'range3',
  key: 'ACa:+9945012',
  suspicion: 0.9,
  surge: 8,
  excess: 4,
  asksDay: 20,
  outcomes: 15,
  unanswered: 15,
}
const FOUND = {
  id: 'RB1' as RangeBlockId,
  accountId: 'ACa' as AccountId,
  kind: LEVEL.kind,
  range: '+9945012',
  evidence: LEVEL,
}
const fresh = closed(undefined, FOUND, NOW)

test('surge and excess together close a range, either alone does not', () => {
  expect(closes(LEVEL)).toBe(true)
  expect(closes({ ...LEVEL, surge: 1 })).toBe(false)
  expect(closes({ ...LEVEL, excess: 1 })).toBe(false)
  expect(closes({ ...LEVEL, suspicion: 0.5 })).toBe(false)
  expect(closes({ ...LEVEL, outcomes: 2 })).toBe(false)
})

test('a country needs more evidence than a thousand numbers', () => {
  expect(closes({ ...LEVEL, kind: 'country' })).toBe(false)
})

test('each repeat doubles the time, up to four days', () => {
  const hours: number[] = []
  let block = fresh
  for (let repeat = 0; repeat < 9; repeat++) {
    hours.push((block.untilMs - block.sinceMs) / HOUR)
    block = closed(block, FOUND, NOW)
  }
  expect(hours).toEqual([2, 4, 8, 16, 32, 64, 96, 96, 96])
})

test('a block ends in probing, and probing without bad news in an open range', () => {
  expect(advanced(fresh, NOW + HOUR).state).toBe('blocked')
  const probing = advanced(fresh, NOW + 2 * HOUR)
  expect(probing.state).toBe('probing')
  expect(advanced(probing, NOW + 25 * HOUR).state).toBe('probing')
  expect(advanced(probing, NOW + 26 * HOUR).state).toBe('open')
  expect(advanced(fresh, NOW + 27 * HOUR).state).toBe('open')
})

test('an open range is remembered for a week', () => {
  const open = advanced(fresh, NOW + 27 * HOUR)
  expect(isForgotten(open, NOW + 28 * HOUR)).toBe(false)
  expect(isForgotten(open, NOW + (27 + 168) * HOUR)).toBe(true)
  expect(closed(open, FOUND, NOW + 50 * HOUR)).toMatchObject({ id: fresh.id, repeats: 1 })
})

test('a closed range lets a request try it every half hour, one that is tried lets more', () => {
  expect(mayProbe(fresh, NOW + HOUR / 2 - 1)).toBe(false)
  expect(mayProbe(fresh, NOW + HOUR / 2)).toBe(true)
  const probing = { ...advanced(fresh, NOW + 2 * HOUR), probedAtMs: NOW + 2 * HOUR }
  expect(mayProbe(probing, NOW + 2 * HOUR + 119_000)).toBe(false)
  expect(mayProbe(probing, NOW + 2 * HOUR + 120_000)).toBe(true)
})

test('three good codes open a range again', () => {
  let block = advanced(fresh, NOW + 2 * HOUR)
  for (const isGood of [true, false, true]) block = learned(block, isGood, NOW + 3 * HOUR)
  expect(block.state).toBe('probing')
  expect(learned(block, true, NOW + 3 * HOUR).state).toBe('open')
})

test('three probes that come to nothing close it for twice as long', () => {
  let block = advanced(fresh, NOW + 2 * HOUR)
  for (let probe = 0; probe < 3; probe++) block = learned(block, false, NOW + 3 * HOUR)
  expect(block).toMatchObject({ state: 'blocked', repeats: 1, untilMs: NOW + 7 * HOUR, bad: 0 })
})
