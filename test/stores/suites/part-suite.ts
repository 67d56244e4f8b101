import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartShelf } from '../../../src/channels/part-shelf.ts'
import { T0 } from './examples.ts'

type Shelves = {
  /** Of this provider, over one and the same store. */
  readonly of: (providerId: string) => PartShelf
  readonly close: () => Promise<void>
}

/** Which parts make up long texts, in any store. */
export function partSuite(name: string, open: () => Promise<Shelves>): void {
  describe(`parts of long texts in ${name}`, () => {
    const withShelves = async (claim: (of: Shelves['of']) => Promise<void>) => {
      const shelves = await open()
      await claim(shelves.of).finally(shelves.close)
    }

    test('a text is whole when each of its parts arrived, however often that is told', () =>
      withShelves(async (of) => {
        const shelf = of('operator')
        await shelf.keep(['A', 'B', 'C'], T0)
        const told = []
        for (const id of ['B', 'B', 'A', 'C', 'C']) told.push(await shelf.tell(id, true))
        expect(told).toEqual([2, 2, 1, 0, 0].map((missing) => ({ id: 'A', missing })))
      }))

    test('a part that did not arrive stays missing, and what was never kept is no part', () =>
      withShelves(async (of) => {
        const shelf = of('operator')
        await shelf.keep(['A', 'B'], T0)
        await shelf.tell('A', true)
        expect(await shelf.tell('B', false)).toEqual({ id: 'A', missing: 1 })
        expect(await shelf.tell('X', true)).toBeUndefined()
      }))

    test('parts of another provider are others, and an id that is given again is that of the new text', () =>
      withShelves(async (of) => {
        const [one, other] = [of('one'), of('other')]
        await one.keep(['A', 'B'], T0)
        expect(await other.tell('A', true)).toBeUndefined()
        await one.tell('A', true)
        await one.keep(['C', 'A'], T0 + 1)
        expect(await one.tell('C', true)).toEqual({ id: 'C', missing: 1 })
        expect(await one.tell('A', true)).toEqual({ id: 'C', missing: 0 })
        await one.keep(['A', 'D'], T0 + 2)
        await one.tell('A', true)
        expect(await one.tell('D', true)).toEqual({ id: 'A', missing: 0 })
      }))

    test('receipts of all parts at the same moment make the text whole once all are told', () =>
      withShelves(async (of) => {
        let count = 0
        const parts = fc.integer({ min: 2, max: 8 })
        await fc.assert(
          fc.asyncProperty(parts, async (length) => {
            const ids = Array.from({ length }, () => `P${count++}`)
            const shelf = of('operator')
            await shelf.keep(ids, T0)
            const told = await Promise.all(ids.map((id) => shelf.tell(id, true)))
            expect(told.some((whole) => whole?.missing === 0)).toBe(true)
            expect(await shelf.tell(ids[0] ?? '', false)).toEqual({ id: ids[0], missing: 0 })
          }),
          { numRuns: 10 },
        )
      }))
  })
}
