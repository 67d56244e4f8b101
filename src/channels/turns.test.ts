import { expect, test } from 'vitest'
import type { MessageKind } from '../domain/message-kind.ts'
import { seededDice, virtualClock, virtualPlatform } from '../platform/virtual.ts'
import type { PaceStore } from './pace-store.ts'
import { createPaces } from './provider-paces.ts'
import { createTurns } from './turns.ts'

const provider = { id: 'p', ratePerSecond: 40 }
const fresh = (kind: MessageKind) => ({ kind, hasWaited: false })

/** A process and the bucket that it shares: each draw gets what the script says, and the bucket is full so long after. */
function openProcess(script: readonly { readonly count: number; readonly fullInMs: number }[]) {
  const clock = virtualClock(10_000)
  const platform = virtualPlatform({ clock, dice: seededDice(1) })
  const left = [...script]
  const wanted: number[] = []
  const store: PaceStore = {
    draw: async ({ count, nowMs }) => {
      wanted.push(count)
      const drawn = left.shift() ?? { count, fullInMs: 0 }
      return { count: Math.min(count, drawn.count), fullAtMs: nowMs + drawn.fullInMs }
    },
  }
  const paces = createPaces()
  const turns = createTurns(paces, store)
  return {
    clock,
    paces,
    wanted,
    take: (kind: MessageKind) => turns.take(provider, fresh(kind), platform),
    inMs: (kind: MessageKind) =>
      paces.roomAtMs(provider, fresh(kind), clock.nowMs()) - clock.nowMs(),
  }
}

test('what other processes took is known here from the next draw on', async () => {
  const { take, inMs } = openProcess([{ count: 0, fullInMs: 100 }])
  expect(inMs('otp')).toBe(0)
  expect(await take('otp')).toBe(false)
  expect(inMs('otp')).toBe(25)
})

test('those that come while a draw is under way share the next, and codes go first in it', async () => {
  const { take, wanted, clock } = openProcess([
    { count: 1, fullInMs: 25 },
    { count: 1, fullInMs: 100 },
    { count: 1, fullInMs: 100 },
  ])
  await take('bulk')
  clock.advance(100)
  const first = take('notice')
  const rest = [take('bulk'), take('bulk'), take('otp')]
  expect(await first).toBe(true)
  expect(await Promise.all(rest)).toEqual([false, false, true])
  expect(wanted).toEqual([1, 1, 3])
})

test('whoever other processes were quicker than keeps the share that was left to it', async () => {
  const { paces, take, clock } = openProcess([{ count: 0, fullInMs: 175 }])
  paces.lineUp(provider, fresh('otp'), clock.nowMs())
  expect(await take('bulk')).toBe(false)
  clock.advance(100)
  const waited = { kind: 'bulk', hasWaited: true } as const
  expect(paces.roomAtMs(provider, waited, clock.nowMs())).toBe(clock.nowMs())
})

test('a draw that was cut off holds up nobody for long', async () => {
  const clock = virtualClock(10_000)
  const platform = virtualPlatform({ clock, dice: seededDice(1) })
  let draws = 0
  const store: PaceStore = {
    draw: ({ count, nowMs }) =>
      ++draws === 1 ? new Promise(() => {}) : Promise.resolve({ count, fullAtMs: nowMs }),
  }
  const turns = createTurns(createPaces(), store)
  void turns.take(provider, fresh('otp'), platform)
  const second = turns.take(provider, fresh('otp'), platform)
  expect(draws).toBe(1)
  clock.advance(10_001)
  expect(await turns.take(provider, fresh('otp'), platform)).toBe(true)
  expect(await second).toBe(true)
})
