import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linePositions } from './line-positions.ts'

test('lines and columns count from 1', () => {
  const at = linePositions('ab\n\ncd')
  expect([0, 2, 3, 4, 6].map((offset) => Object.values(at(offset)))).toEqual([
    [1, 1],
    [1, 3],
    [2, 1],
    [3, 1],
    [3, 3],
  ])
})

test('a position leads back to its offset', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', ' ') })
  fc.assert(
    fc.property(text, fc.nat(20), (given, offset) => {
      const { line, column } = linePositions(given)(offset)
      const before = given.split('\n').slice(0, line - 1)
      const back = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
      expect(back).toBe(Math.min(offset, given.length))
    }),
  )
})
