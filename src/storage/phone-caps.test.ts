import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CountedCode, hasRoomAtMs, mostWithin } from './phone-caps.ts'

const HOUR = 3_600_000

/** What is sent by somebody who asks at each of these instants, with what became of each message at once. */
function sendAll(asks: readonly CountedCode[], limit: number): readonly CountedCode[] {
  const sent: CountedCode[] = []
  for (const ask of asks) {
    const counted = sent.filter(({ atMs }) => atMs > ask.atMs - HOUR).toReversed()
    if (hasRoomAtMs(counted, { limit, windowMs: HOUR }) === undefined) sent.push(ask)
  }
  return sent
}

const asked = fc
  .array(fc.record({ gapMs: fc.integer({ min: 1, max: 600_000 }), isLost: fc.boolean() }), {
    maxLength: 120,
  })
  .map((gaps) => {
    let atMs = 0
    return gaps.map(({ gapMs, isLost }) => {
      atMs += gapMs
      return { atMs, isLost }
    })
  })

test('however many are lost, no window brings a number more than its limit, and fewer than twice as many are sent', () => {
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 6 }), (asks, limit) => {
      const sent = sendAll(asks, limit)
      for (const { atMs } of sent) {
        const within = sent.filter((each) => each.atMs > atMs - HOUR && each.atMs <= atMs)
        expect(within.filter(({ isLost }) => !isLost).length).toBeLessThanOrEqual(limit)
        expect(within.length).toBeLessThanOrEqual(mostWithin(limit))
      }
    }),
  )
})

test('who is refused is let through at the instant that is told, and not before', () => {
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 6 }), (asks, limit) => {
      const window = { limit, windowMs: HOUR }
      const sent = sendAll(asks, limit).toReversed()
      const nowMs = (asks.at(-1)?.atMs ?? 0) + 1
      const at = (ms: number) => sent.filter(({ atMs }) => atMs > ms - HOUR)
      const roomAtMs = hasRoomAtMs(at(nowMs), window)
      if (roomAtMs === undefined) return
      expect(hasRoomAtMs(at(roomAtMs), window)).toBeUndefined()
      expect(hasRoomAtMs(at(roomAtMs - 1), window)).toBe(roomAtMs)
    }),
  )
})

test('where nothing is lost a limit is a limit', () => {
  const codes = [3, 2, 1].map((atMs) => ({ atMs, isLost: false }))
  expect(hasRoomAtMs(codes, { limit: 4, windowMs: HOUR })).toBeUndefined()
  expect(hasRoomAtMs(codes, { limit: 3, windowMs: HOUR })).toBe(1 + HOUR)
  expect(hasRoomAtMs(codes, { limit: 2, windowMs: HOUR })).toBe(2 + HOUR)
})
