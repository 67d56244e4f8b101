import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenNames } from './seen-names.ts'

test('it knows what a set of the same names knows', () => {
  void fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 4 }), { maxLength: 200 }), (names) => {
      const seen = new SeenNames()
      const set = new Set<string>()
      for (const name of names) {
        expect(seen.add(name)).toBe(!set.has(name))
        set.add(name)
      }
      for (const name of [...names, 'another name']) expect(seen.has(name)).toBe(set.has(name))
    }),
  )
})

test('half a million ids that differ by little are all told apart', () => {
  const seen = new SeenNames()
  let added = 0
  for (let index = 0; index < 500_000; index++) {
    if (seen.add(`SM${index.toString(16).padStart(32, '0')}`)) added += 1
  }
  expect(added).toBe(500_000)
})
