import { expect, test } from 'vitest'
import type { Places } from '../channels/places.ts'
import { newId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { seededDice, virtualClock, virtualPlatform } from '../platform/virtual.ts'
import type { Flight } from './carry-send.ts'
import { openDispatcher } from './dispatcher.ts'
import type { Ended } from './end-of-walk.ts'
import type { Woken } from './woken.ts'

type Carried = { readonly kind: MessageKind; readonly land: (ended?: Ended) => Promise<void> }

/** A dispatcher over an outbox that is a list, whose flights land when they are told to. */
function openDesk(dueMax?: number) {
  const clock = virtualClock(0)
  const platform = virtualPlatform({ clock, dice: seededDice(1) })
  const outbox: Woken[] = []
  const flying: Carried[] = []
  const writes: number[] = []
  const alarms: { afterMs: number; ring: () => void }[] = []
  const toFlight = ({ id, kind }: Woken) => ({ job: { send: { id, rate: { kind } } } }) as Flight
  const take = (chosen: readonly Woken[]) => {
    for (const one of chosen) outbox.splice(outbox.indexOf(one), 1)
    return chosen.map(toFlight)
  }
  const dispatcher = openDispatcher({
    platform,
    leaseWoken: async (woken) => take(woken.filter((one) => outbox.includes(one))),
    leaseDue: async ({ all, most }: Places) => {
      const left = { otp: all, ...most }
      return take(outbox.filter(({ kind }) => left[kind]-- > 0).slice(0, all))
    },
    carry: ({ job }) =>
      new Promise((resolve) => {
        const { kind } = job.send.rate
        const land = async (ended?: Ended) => {
          resolve(ended)
          await settle()
        }
        flying.push({ kind, land })
      }),
    close: async (ended) => void writes.push(ended.length),
    pause: undefined,
    alarm: (afterMs, ring) => void alarms.push({ afterMs, ring }),
    dueMax,
  })
  const add = (kind: MessageKind, isWoken = true) => {
    const woken = { id: newId('VL', platform), kind, routed: undefined }
    outbox.push(woken)
    if (isWoken) dispatcher.wake(woken)
  }
  return { add, alarms, clock, dispatcher, flying, outbox, writes }
}

const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
const many = (count: number, act: () => void) => Array.from({ length: count }).forEach(act)
const LATER = { kind: 'later', returned: { notBeforeMs: 1_234 } } as Ended

test('bulk that hangs leaves places free, and a code that comes after it flies at once', async () => {
  const desk = openDesk()
  many(1_000, () => desk.add('bulk'))
  await settle()
  const hanging = desk.flying.length
  expect(hanging).toBeLessThanOrEqual(64)
  desk.add('otp')
  await settle()
  expect(desk.flying.slice(hanging).map(({ kind }) => kind)).toEqual(['otp'])
})

test('a slow code holds up no other, and there is an end to how many fly at once', async () => {
  const desk = openDesk()
  desk.add('otp')
  await settle()
  many(500, () => desk.add('otp'))
  await settle()
  expect(desk.flying).toHaveLength(256)
  await desk.flying[1]?.land()
  expect(desk.flying).toHaveLength(257)
})

test('places are free again when many land at once while more is due', async () => {
  const desk = openDesk()
  many(700, () => desk.add('otp'))
  await settle()
  expect(desk.flying).toHaveLength(256)
  for (let landed = 0; landed < desk.flying.length; ) {
    const now = desk.flying.slice(landed)
    landed = desk.flying.length
    desk.dispatcher.wakeDue()
    await Promise.all(now.map(({ land }) => land()))
  }
  expect(desk.flying).toHaveLength(700)
})

test('what waits in the outbox is taken up as places become free, whoever left it there', async () => {
  const desk = openDesk()
  many(70, () => desk.add('bulk', false))
  many(3, () => desk.add('otp', false))
  desk.dispatcher.wakeDue()
  await settle()
  expect(desk.outbox.length).toBeLessThanOrEqual(6)
  for (let landed = 0; landed < desk.flying.length; landed++) await desk.flying[landed]?.land()
  expect(desk.flying).toHaveLength(73)
  expect(desk.outbox).toEqual([])
})

test('an outbox of many times as many rows as fly at once is emptied, and then all places are free', async () => {
  const desk = openDesk()
  many(2_000, () => desk.add('otp', false))
  desk.dispatcher.wakeDue()
  await settle()
  // Each flight that lands makes room for the next one.
  for (let landed = 0; landed < 2_000; landed++) await desk.flying[landed]?.land()
  expect([desk.outbox.length, desk.flying.length]).toEqual([0, 2_000])
  many(300, () => desk.add('otp'))
  await settle()
  expect(desk.flying).toHaveLength(2_256)
})

test('walks that end while a write is under way share the next', async () => {
  const desk = openDesk()
  many(40, () => desk.add('otp'))
  await settle()
  await Promise.all(desk.flying.map(({ land }) => land(LATER)))
  expect(desk.writes.reduce((sum, size) => sum + size, 0)).toBe(40)
  expect(desk.writes.length).toBeLessThanOrEqual(4)
})

test('rows that come back within the same moment ring once, and then are looked for', async () => {
  const desk = openDesk()
  many(3, () => desk.add('otp'))
  await settle()
  await Promise.all(desk.flying.map(({ land }) => land(LATER)))
  expect(desk.alarms.map(({ afterMs }) => afterMs)).toEqual([1_250])
  desk.add('otp', false)
  desk.alarms[0]?.ring()
  await settle()
  expect(desk.flying).toHaveLength(4)
})

test('an invocation that may do only so much leaves the rest of the outbox to the next one', async () => {
  const { add, alarms, dispatcher, flying, outbox } = openDesk(100)
  many(400, () => add('bulk', false))
  const landAll = async () => {
    while (flying.length > 0)
      await flying.shift()?.land(flying.length % 50 === 0 ? LATER : undefined)
  }
  dispatcher.wakeDue()
  await settle()
  await landAll()
  const left = outbox.length
  expect(left).toBeGreaterThanOrEqual(400 - 100 - 64)
  expect(left).toBeLessThanOrEqual(300)
  for (const { ring } of alarms) ring()
  await settle()
  expect(outbox).toHaveLength(left)
  add('otp')
  await settle()
  expect(flying.map(({ kind }) => kind)).toEqual(['otp'])
  await landAll()
  dispatcher.wakeDue()
  await settle()
  expect(flying.length).toBeGreaterThan(0)
})
