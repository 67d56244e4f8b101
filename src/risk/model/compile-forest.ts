import * as z from 'zod'
import { type FlatForest, LEAF, NODES_MAX, withSteps } from './flat-forest.ts'
import { ModelRefused } from './refusals.ts'

export const TREES_MAX = 500
export const DEPTH_MAX = 64
/** A share that was rounded may be a little more than the whole. */
const SHARE_MAX = 1.000001

const finite = z.number()
const BaseModel = z.looseObject({
  isClassifier: z.literal(true),
  nEstimators: z.int().min(1).max(TREES_MAX),
  indexes: z.array(z.array(z.int().min(0))),
  estimators: z.array(z.looseObject({ root: z.unknown() })),
})
const Forest = z.looseObject({ name: z.literal('RFClassifier'), baseModel: BaseModel })
const Leaf = z.looseObject({
  distribution: z.tuple([z.array(finite.min(0).max(SHARE_MAX)).min(1).max(2)]),
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

/** Where a node hangs. A path is put together only for a node that is refused: there are many that are not. */
type Branch = { readonly parent: Branch | string; readonly side: 'left' | 'right' }
type Pending = { json: unknown; node: number; depth: number; at: Branch | string }

const pathOf = (at: Branch | string): string =>
  typeof at === 'string' ? at : `${pathOf(at.parent)}.${at.side}`

type Growing = { readonly columns: readonly number[]; readonly pending: Pending[] }

class Builder {
  readonly #roots: number[] = []
  readonly #feature: number[] = []
  readonly #threshold: number[] = []
  readonly #left: number[] = []
  readonly #value: number[] = []
  readonly #samples: number[] = []

  /** Breadth first, so that children always come after their parent and the stack cannot overflow. */
  addTree(root: unknown, columns: readonly number[], path: string): void {
    const pending: Pending[] = [{ json: root, node: this.#reserve(path), depth: 0, at: path }]
    this.#roots.push(this.#feature.length - 1)
    // An array that grows while it is walked is the queue.
    for (const next of pending) {
      if (next.depth > DEPTH_MAX) refuse(pathOf(next.at), `is deeper than ${DEPTH_MAX} levels`)
      if (isLeaf(next.json)) this.#fillLeaf(next)
      else this.#fillSplit(next, { columns, pending })
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

  #reserve(at: Branch | string): number {
    if (this.#feature.length >= NODES_MAX) refuse(pathOf(at), `makes more than ${NODES_MAX} nodes`)
    this.#threshold.push(0)
    this.#left.push(0)
    this.#value.push(0)
    this.#samples.push(0)
    return this.#feature.push(LEAF) - 1
  }

  #fillLeaf({ json, node, at }: Pending): void {
    const leaf = isLeafShaped(json) ? json : read(Leaf, json, pathOf(at))
    const [legit = 0, fraud = 0] = leaf.distribution[0]
    if (Math.abs(legit + fraud - 1) > 1e-3)
      refuse(pathOf(at), 'has a distribution that is not one whole')
    this.#value[node] = fraud / (legit + fraud)
    this.#samples[node] = leaf.numberSamples ?? 0
  }

  #fillSplit({ json, node, depth, at }: Pending, { columns, pending }: Growing): void {
    const split = isSplitShaped(json) ? json : read(Split, json, pathOf(at))
    const column = columns[split.splitColumn]
    if (column === undefined) {
      refuse(pathOf(at), `splits column ${split.splitColumn}, the tree has ${columns.length}`)
    }
    const left = this.#reserve(at)
    const right = this.#reserve(at)
    this.#feature[node] = column
    this.#threshold[node] = split.splitValue
    this.#left[node] = left
    this.#samples[node] = split.numberSamples ?? 0
    const below = depth + 1
    pending.push(
      { json: split.left, node: left, depth: below, at: { parent: at, side: 'left' } },
      { json: split.right, node: right, depth: below, at: { parent: at, side: 'right' } },
    )
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

type LeafJson = z.output<typeof Leaf>
type SplitJson = z.output<typeof Split>

/**
 * Whether the schema would surely take a node. Most of a forest's ten thousand are seen to be right much sooner so; what is
 * doubtful is left to the schema, which knows what to say of it.
 */
function isLeafShaped(json: unknown): json is LeafJson {
  const { distribution, numberSamples } = json as Partial<Record<keyof LeafJson, unknown>>
  if (!Array.isArray(distribution) || distribution.length !== 1) return false
  const shares: unknown = distribution[0]
  if (!Array.isArray(shares) || (shares.length !== 1 && shares.length !== 2)) return false
  return shares.every(isShare) && isSampleCount(numberSamples)
}

function isSplitShaped(json: unknown): json is SplitJson {
  if (!isPlain(json)) return false
  const { splitColumn, splitValue, numberSamples, left, right } = json as Partial<SplitJson>
  if (!Number.isSafeInteger(splitColumn) || Number(splitColumn) < 0) return false
  return (
    Number.isFinite(splitValue) && isSampleCount(numberSamples) && isPlain(left) && isPlain(right)
  )
}

const isShare = (share: unknown): boolean =>
  typeof share === 'number' && share >= 0 && share <= SHARE_MAX
const isSampleCount = (count: unknown): boolean => count === undefined || Number.isFinite(count)
const isPlain = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

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
