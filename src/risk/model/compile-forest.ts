import * as z from 'zod'
import { type FlatForest, LEAF, NODES_MAX, withSteps } from './flat-forest.ts'
import { ModelRefused } from './refusals.ts'

export const TREES_MAX = 500
export const DEPTH_MAX = 64

const finite = z.number()
const BaseModel = z.looseObject({
  isClassifier: z.literal(true),
  nEstimators: z.int().min(1).max(TREES_MAX),
  indexes: z.array(z.array(z.int().min(0))),
  estimators: z.array(z.looseObject({ root: z.unknown() })),
})
const Forest = z.looseObject({ name: z.literal('RFClassifier'), baseModel: BaseModel })
const Leaf = z.looseObject({
  distribution: z.tuple([z.array(finite.min(0).max(1.000001)).min(1).max(2)]),
  numberSamples: finite.optional(),
})
const Split = z.looseObject({
  splitColumn: z.int().min(0),
  splitValue: finite,
  numberSamples: finite.optional(),
  left: z.looseObject({}),
  right: z.looseObject({}),
})

/**
 * Compiles ml-random-forest's JSON. Throws `ModelRefused` for anything that its own loader could not score, and for
 * forests that are deeper or larger than the limits above.
 */
export function compileForest(json: unknown, features: number): FlatForest {
  const { baseModel } = read(Forest, json, 'forest')
  const { nEstimators, indexes, estimators } = baseModel
  if (estimators.length !== nEstimators || indexes.length !== nEstimators) {
    refuse('forest', `is cut short: ${estimators.length} of ${nEstimators} trees are there`)
  }
  const builder = new Builder()
  estimators.forEach((estimator, tree) => {
    const columns = indexes[tree] as readonly number[]
    const outside = columns.find((column) => column >= features)
    if (outside !== undefined) {
      refuse(`forest.indexes[${tree}]`, `names feature ${outside}, there are ${features}`)
    }
    builder.addTree(estimator.root, columns, `forest.estimators[${tree}].root`)
  })
  return builder.finish(features)
}

type Pending = { json: unknown; node: number; depth: number; path: string }

class Builder {
  readonly #roots: number[] = []
  readonly #feature: number[] = []
  readonly #threshold: number[] = []
  readonly #left: number[] = []
  readonly #value: number[] = []
  readonly #samples: number[] = []

  /** Breadth first, so that children always come after their parent and the stack cannot overflow. */
  addTree(root: unknown, columns: readonly number[], path: string): void {
    const pending: Pending[] = [{ json: root, node: this.#reserve(path), depth: 0, path }]
    this.#roots.push(this.#feature.length - 1)
    // An array that grows while it is walked is the queue.
    for (const next of pending) {
      if (next.depth > DEPTH_MAX) refuse(next.path, `is deeper than ${DEPTH_MAX} levels`)
      if (isLeaf(next.json)) this.#fillLeaf(next)
      else pending.push(...this.#fillSplit(next, columns))
    }
  }

  finish(features: number): FlatForest {
    this.#inferSamples()
    this.#averageUpwards()
    return withSteps({
      features,
      roots: Int32Array.from(this.#roots),
      feature: Uint16Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      value: Float64Array.from(this.#value),
    })
  }

  #reserve(path: string): number {
    if (this.#feature.length >= NODES_MAX) refuse(path, `makes more than ${NODES_MAX} nodes`)
    this.#threshold.push(0)
    this.#left.push(0)
    this.#value.push(0)
    this.#samples.push(0)
    return this.#feature.push(LEAF) - 1
  }

  #fillLeaf({ json, node, path }: Pending): void {
    const leaf = read(Leaf, json, path)
    const [legit = 0, fraud = 0] = leaf.distribution[0]
    if (Math.abs(legit + fraud - 1) > 1e-3) refuse(path, 'has a distribution that is not one whole')
    this.#value[node] = fraud / (legit + fraud)
    this.#samples[node] = leaf.numberSamples ?? 0
  }

  #fillSplit({ json, node, depth, path }: Pending, columns: readonly number[]): Pending[] {
    const split = read(Split, json, path)
    const column = columns[split.splitColumn]
    if (column === undefined) {
      refuse(path, `splits column ${split.splitColumn}, the tree has ${columns.length}`)
    }
    const left = this.#reserve(path)
    const right = this.#reserve(path)
    this.#feature[node] = column
    this.#threshold[node] = split.splitValue
    this.#left[node] = left
    this.#samples[node] = split.numberSamples ?? 0
    return [
      { json: split.left, node: left, depth: depth + 1, path: `${path}.left` },
      { json: split.right, node: right, depth: depth + 1, path: `${path}.right` },
    ]
  }

  /** ml-cart leaves `numberSamples` out of small leaves: they get what their parent and sibling leave over. */
  #inferSamples(): void {
    const samples = this.#samples
    for (let node = 0; node < samples.length; node++) {
      if (this.#feature[node] === LEAF) continue
      const left = this.#left[node] as number
      const known = (samples[left] as number) + (samples[left + 1] as number)
      const rest = Math.max((samples[node] as number) - known, 1)
      const unknown = [left, left + 1].filter((child) => samples[child] === 0)
      for (const child of unknown) samples[child] = rest / unknown.length
    }
  }

  #averageUpwards(): void {
    for (let node = this.#feature.length - 1; node >= 0; node--) {
      if (this.#feature[node] === LEAF) continue
      const left = this.#left[node] as number
      const leftSamples = this.#samples[left] as number
      const rightSamples = this.#samples[left + 1] as number
      const sum =
        leftSamples * (this.#value[left] as number) +
        rightSamples * (this.#value[left + 1] as number)
      this.#value[node] = sum / (leftSamples + rightSamples)
    }
  }
}

function isLeaf(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'distribution' in json
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  path: string,
): z.output<Schema> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = [path, ...(issue?.path ?? [])].join('.')
  return refuse(where, issue?.message ?? 'has the wrong shape')
}

function refuse(path: string, claim: string): never {
  throw new ModelRefused(`${path} ${claim}`)
}
