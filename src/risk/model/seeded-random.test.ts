import { expect, test } from 'vitest'
import { seededRandom } from './seeded-random.ts'

test('the same seeds give the same stream and neighbouring seeds another one', () => {
  const draw = (...seeds: (number | string)[]) => {
    const random = seededRandom(...seeds)
    return Array.from({ length: 5 }, () => random.unit())
  }
  expect(draw(1, 'a')).toEqual(draw(1, 'a'))
  const others = [draw(1), draw(2), draw(1, 'b'), draw('b', 1), draw(4294967297), draw(1.5)]
  expect(new Set(others.map(String)).size).toBe(others.length)
})

test('draws fill the unit interval evenly', () => {
  const random = seededRandom('evenly', 7)
  const counts = new Array<number>(10).fill(0)
  for (let draw = 0; draw < 100_000; draw++) {
    const drawn = random.below(10)
    counts[drawn] = Number(counts[drawn]) + 1
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('the first draws of a thousand neighbouring seeds are spread evenly', () => {
  const firsts = Array.from({ length: 1_000 }, (_, seed) => seededRandom('person', seed).unit())
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03)
  expect(new Set(firsts).size).toBe(firsts.length)
})
