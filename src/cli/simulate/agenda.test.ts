import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Agenda } from './agenda.ts'
import type { SimEvent } from './event.ts'

function event(t: number, ref: string): SimEvent {
  return { type: 'delivery', t, ref, status: 'delivered', truth: 'legit', scenario: 'test' }
}

test('moments come in order of time and, within a millisecond, of planning', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 200 }), (times) => {
      const agenda = new Agenda()
      times.forEach((atMs, turn) => {
        agenda.plan(atMs, (nowMs) => ({ event: event(nowMs, String(turn)) }))
      })
      const expected = times
        .map((atMs, turn) => ({ atMs, turn }))
        .sort((a, b) => a.atMs - b.atMs || a.turn - b.turn)
        .map(({ turn }) => String(turn))
      expect([...agenda.run(1_000)].map(({ ref }) => ref)).toEqual(expected)
    }),
  )
})

test('the author of an event hears the answer before anything else happens', () => {
  const agenda = new Agenda()
  const heard: boolean[] = []
  agenda.plan(1, (nowMs) => ({
    event: event(nowMs, 'first'),
    whenAnswered: ({ sent }) => {
      heard.push(sent)
      agenda.plan(nowMs, (later) => ({ event: event(later, 'second') }))
    },
  }))
  agenda.plan(2, (nowMs) => ({ event: event(nowMs, 'third') }))
  const run = agenda.run(10)
  expect(run.next().value).toMatchObject({ ref: 'first' })
  expect(run.next({ sent: false }).value).toMatchObject({ ref: 'second' })
  expect(run.next().value).toMatchObject({ ref: 'third' })
  expect(run.next().done).toBe(true)
  expect(heard).toEqual([false])
})

test('nothing happens at or after the end', () => {
  const agenda = new Agenda()
  agenda.plan(10, (nowMs) => ({ event: event(nowMs, 'late') }))
  expect([...agenda.run(10)]).toEqual([])
})
