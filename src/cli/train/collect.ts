import type { Model } from '../../risk/model/model.ts'
import type { TrainingSet } from '../../risk/model/quantile-bins.ts'
import type { Answer, SimEvent } from '../simulate/event.ts'

/** One decided request: what the features were at that moment and what it truly was. */
export type Collected = {
  /** In the order of the feature catalogue. */
  readonly vector: Float64Array
  readonly label: 0 | 1
  /** Unix milliseconds of the request. */
  readonly t: number
  readonly seed: number
  readonly scenario?: string
}

/** Replays events through the real signals and counters, and hands over the features of each issue as it was decided. */
export type Collect = (recording: {
  readonly seed: number
  readonly events: Generator<SimEvent, void, Answer | undefined>
  /** Decides beside the rules; undefined: they are alone. */
  readonly model: Model | undefined
}) => AsyncIterable<Collected>

/** Rows of one part of the split, with what metrics want to know about each. */
export type Part = {
  readonly set: TrainingSet
  readonly scenarios: readonly string[]
  readonly fromMs: number
  readonly toMs: number
}

/** Gathers rows without an object for each of them. Vectors may be reused by the collector: they are copied. */
export async function gather(
  features: readonly string[],
  rows: AsyncIterable<Collected>,
): Promise<Part> {
  const gathering = openGathering(features)
  await gathering.add(rows)
  return gathering.part()
}

/** A part that grows. `part` is of the rows so far, and stays as it is when more are added. */
export function openGathering(features: readonly string[]) {
  const width = features.length
  let values = new Float64Array(1_024 * width)
  const labels: number[] = []
  const scenarios: string[] = []
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  const add = async (rows: AsyncIterable<Collected>): Promise<void> => {
    for await (const row of rows) {
      if (row.vector.length !== width) {
        throw new RangeError(`a vector has ${row.vector.length} members, the catalogue ${width}`)
      }
      const at = labels.length * width
      if (at + width > values.length) values = doubled(values)
      values.set(row.vector, at)
      labels.push(row.label)
      scenarios.push(row.scenario ?? '')
      fromMs = Math.min(fromMs, row.t)
      toMs = Math.max(toMs, row.t)
    }
  }
  const part = (): Part => {
    const used = values.subarray(0, labels.length * width)
    const set = { features, values: used, labels: Uint8Array.from(labels) }
    return { set, scenarios: [...scenarios], fromMs, toMs }
  }
  return { add, part }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
