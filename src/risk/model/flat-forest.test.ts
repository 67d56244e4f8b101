import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileForest } from './compile-forest.ts'
import { contributionsOf, type FlatForest, meanShare } from './flat-forest.ts'
import { seededRandom } from './seeded-random.ts'
import { trainForest } from './train-forest.ts'

const WIDTH = 3
const ROWS = 300

/** Trees of uneven depth, of rows by chance. */
function forestOf(trees: number, seed: number): FlatForest {
  const random = seededRandom('flat', seed)
  const values = Float64Array.from({ length: ROWS * WIDTH }, () => random.unit())
  const labels = Uint8Array.from({ length: ROWS }, (_, row) =>
    Number(values[row * WIDTH]) ** 2 > random.unit() ? 1 : 0,
  )
  const options = { seed, trees, depthMax: 7, leafWeightMin: 2 }
  const { forest } = trainForest({ features: ['a', 'b', 'c'], values, labels }, options)
  return compileForest(forest, WIDTH)
}

test('trees walked side by side end where each of them ends alone, whatever is in the row', () => {
  const any = fc.oneof(
    fc.double({ min: 0, max: 1 }),
    fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY),
  )
  const row = fc
    .array(any, { minLength: WIDTH, maxLength: WIDTH })
    .map((members) => Float64Array.from(members))
  for (const trees of [1, 3, 4, 5, 8, 11]) {
    const forest = forestOf(trees, trees)
    fc.assert(
      fc.property(row, (vector) => {
        expect(meanShare(forest, vector)).toBe(contributionsOf(forest, vector).share)
      }),
    )
  }
})
