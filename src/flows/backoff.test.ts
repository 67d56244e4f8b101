import { expect, test } from 'vitest'
import { seededDice } from '../platform/virtual.ts'
import { backoffMs, ROUNDS_MAX } from './backoff.ts'

test('waits spread over the whole time of their round, which doubles up to a minute', () => {
  const { bytes } = seededDice(1)
  for (let round = 1; round <= ROUNDS_MAX + 4; round++) {
    const waits = Array.from({ length: 2_000 }, () => backoffMs({ randomBytes: bytes }, round))
    const mostMs = Math.min(60_000, 1_000 * 2 ** round)
    expect(Math.min(...waits)).toBeLessThan(mostMs / 50)
    expect(Math.max(...waits)).toBeGreaterThan(mostMs * 0.98)
    expect(Math.max(...waits)).toBeLessThan(mostMs)
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(mean / mostMs).toBeCloseTo(0.5, 1)
  }
})
