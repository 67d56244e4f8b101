import * as z from 'zod'
import { type FlatForest, LEAF, NODES_MAX, withSteps } from './flat-forest.ts'
import { ModelRefused } from './refusals.ts'

const indexes = (most: number) => z.array(z.int().min(-1).max(most)).min(1).max(NODES_MAX)

/**
 * A compiled forest as JSON: less than half of ml-random-forest's own once compressed, which counts in a Worker. Nodes in
 * the order of `FlatForest`; children of splits come in that order too, so where they are is not written down.
 */
const FlatJson = z.strictObject({
  kind: z.literal('flat'),
  roots: indexes(NODES_MAX),
  /** -1 for a leaf. */
  feature: indexes(LEAF - 1),
  /** Of splits only. */
  threshold: z.array(z.number()).max(NODES_MAX),
  /** Shares of fraud; those of splits are rounded, since only explanations use them. */
  value: z.array(z.number().min(0).max(1)),
})
export type FlatJson = z.infer<typeof FlatJson>

/** An explanation's parts are then right to the third digit, and still add up to the score's share. */
const SPLIT_DIGITS = 2

export function toFlatJson({ roots, feature, threshold, value }: FlatForest): FlatJson {
  const isLeaf = (node: number) => feature[node] === LEAF
  return {
    kind: 'flat',
    roots: [...roots],
    feature: Array.from(feature, (index) => (index === LEAF ? -1 : index)),
    threshold: [...threshold].filter((_, node) => !isLeaf(node)),
    value: Array.from(value, (share, node) =>
      isLeaf(node) ? share : Number(share.toFixed(SPLIT_DIGITS)),
    ),
  }
}

export const isFlatJson = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'flat'

/** Throws `ModelRefused` for anything that could not be walked to a leaf. */
export function fromFlatJson(json: unknown, features: number): FlatForest {
  const parsed = FlatJson.safeParse(json)
  if (!parsed.success) throw new ModelRefused('forest is not a flat forest')
  const { roots, feature, threshold, value } = parsed.data
  const left = childrenOf(roots, feature)
  const splits = feature.filter((index) => index !== -1).length
  const fits =
    value.length === feature.length &&
    threshold.length === splits &&
    feature.every((index) => index < features) &&
    left !== undefined
  if (!fits) throw new ModelRefused('forest is a flat forest whose parts do not fit each other')
  return withSteps({
    features,
    roots: Int32Array.from(roots),
    feature: Uint16Array.from(feature, (index) => (index === -1 ? LEAF : index)),
    threshold: spread(threshold, feature),
    left,
    value: Float64Array.from(value),
  })
}

/**
 * Trees lie one after the other and each breadth first, so the children of a tree's splits are its nodes after the root, two
 * by two. Undefined when the nodes do not come out even.
 */
function childrenOf(roots: readonly number[], feature: readonly number[]): Int32Array | undefined {
  const left = new Int32Array(feature.length)
  const even = roots.every((root, tree) => {
    const end = roots[tree + 1] ?? feature.length
    return placeChildren(left, feature, { root, end }) === end
  })
  return even && roots[0] === 0 ? left : undefined
}

type Span = { readonly root: number; readonly end: number }

/** Answers the node after the tree's last child; -1 for a split that would be its own descendant. */
function placeChildren(left: Int32Array, feature: readonly number[], { root, end }: Span): number {
  let next = root + 1
  for (let node = root; node < end; node++) {
    if (feature[node] === -1) continue
    if (next <= node) return -1
    left[node] = next
    next += 2
  }
  return next
}

function spread(threshold: readonly number[], feature: readonly number[]): Float64Array {
  let split = 0
  return Float64Array.from(feature, (index) => (index === -1 ? 0 : (threshold[split++] ?? 0)))
}
