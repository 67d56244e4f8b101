import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frontOf, oldFrontOf } from './front-of-map.ts'

test('entries that are deleted or set anew come in the order of a fresh iterator', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 }), (steps) => {
      const map = new Map<number, number>()
      const front = frontOf(map)
      steps.forEach((step, at) => {
        if (step > 10) {
          map.set(step, at)
          return
        }
        const [first] = map.keys()
        const found = front()
        expect(found?.[0]).toBe(first)
        if (found === undefined) return
        map.delete(found[0])
        if (step > 5) map.set(found[0], at)
      })
    }),
  )
})

test('an exhausted front goes on when there is something again', () => {
  const map = new Map([['a', 1]])
  const front = frontOf(map)
  map.delete(front()?.[0] ?? '')
  expect(front()).toBeUndefined()
  map.set('b', 2)
  expect(front()).toEqual(['b', 2])
})

test('what is old comes in the order of a fresh iterator, and what is young waits', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }), (steps) => {
      const map = new Map<number, number>()
      const past = oldFrontOf(map, (endsAt: number, now) => endsAt < now)
      steps.forEach((step, now) => {
        if (step > 2) {
          map.set(now, now + step)
          return
        }
        const [first] = map
        const isPast = first !== undefined && first[1] < now
        expect(past(now)).toBe(isPast ? first[0] : undefined)
        if (isPast) map.delete(first[0])
      })
    }),
  )
})
