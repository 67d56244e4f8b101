/**
 * The JSON of ml-random-forest 2.x (`RandomForestClassifier.toJSON()`), as far as scoring needs it. Its loader takes a
 * node with `distribution` for a leaf whatever else it carries; `splitColumn` counts within the tree's own entry of
 * `indexes`; a row goes left when its value is `< splitValue`, and so right on NaN.
 */
export type ForestJson = {
  readonly name: 'RFClassifier'
  readonly baseModel: {
    readonly indexes: readonly (readonly number[])[]
    readonly n: number
    readonly replacement: boolean
    readonly maxFeatures: number
    readonly nEstimators: number
    readonly treeOptions: TreeOptionsJson
    readonly isClassifier: true
    readonly seed: number
    readonly estimators: readonly TreeJson[]
    readonly useSampleBagging: boolean
  }
}

export type TreeOptionsJson = {
  readonly kind: 'classifier'
  readonly gainFunction: string
  readonly splitFunction: string
  readonly minNumSamples: number
  readonly maxDepth: number
  readonly gainThreshold: number
}

export type TreeJson = {
  readonly name: 'DTClassifier'
  readonly options: TreeOptionsJson
  readonly root: NodeJson
}

export type LeafJson = {
  /** One row: the share of each class; a leaf that saw only class 0 has one member. */
  readonly distribution: readonly (readonly number[])[]
  readonly numberSamples: number
}
export type SplitJson = {
  readonly splitColumn: number
  readonly splitValue: number
  readonly gain: number
  readonly numberSamples: number
  readonly left: NodeJson
  readonly right: NodeJson
}
export type NodeJson = LeafJson | SplitJson
