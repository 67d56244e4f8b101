import type { TrainingSet } from '../../src/risk/model/quantile-bins.ts'
import { seededRandom } from '../../src/risk/model/seeded-random.ts'

/**
 * Two classes that differ in counts, flags and an interaction, with noise: the shape of our features without being them.
 */
export function exampleSet(rows: number, width: number, seed: number): TrainingSet {
  const random = seededRandom('example', seed)
  const values = new Float64Array(rows * width)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const fraud = random.unit() < 0.3
    labels[row] = fraud !== random.unit() < 0.05 ? 1 : 0
    for (let feature = 0; feature < width; feature++) {
      values[row * width + feature] = member(random.unit, feature, fraud)
    }
    const surge = values[row * width] as number
    if (width > 4)
      values[row * width + 4] = surge > 5 === fraud ? random.unit() : random.unit() + 0.6
  }
  const features = Array.from({ length: width }, (_, index) => `example.f${index}`)
  return { features, values, labels }
}

function member(unit: () => number, feature: number, fraud: boolean): number {
  if (feature % 4 === 0) return Math.floor(-Math.log(1 - unit()) * (fraud ? 8 : 4))
  if (feature % 4 === 1) return unit() < (fraud ? 0.4 : 0.25) ? 1 : 0
  if (feature % 4 === 2) return unit() < 0.5 ? -1 : unit() * 1000
  return unit() + (fraud ? 0.25 : 0)
}

export function rowsOf(set: TrainingSet): number[][] {
  const width = set.features.length
  return Array.from(set.labels.keys(), (row) => [...vectorOf(set, row, width)])
}

export function vectorOf(set: TrainingSet, row: number, width = set.features.length): Float64Array {
  return set.values.subarray(row * width, (row + 1) * width)
}
