import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Calibration, fitIsotonic, fitPlatt } from '../../risk/model/calibration.ts'
import { compileForest } from '../../risk/model/compile-forest.ts'
import { type FlatForest, meanShare } from '../../risk/model/flat-forest.ts'
import {
  type CalibrationBin,
  type Metrics,
  metricsOf,
  reliabilityOf,
} from '../../risk/model/metrics.ts'
import {
  type ExpectedCatalogue,
  MODEL_FORMAT,
  type Model,
  parseModel,
} from '../../risk/model/model.ts'
import type { TrainingSet } from '../../risk/model/quantile-bins.ts'
import { TrainingRefused } from '../../risk/model/refusals.ts'
import {
  type ForestOptions,
  type TrainedForest,
  trainForest,
} from '../../risk/model/train-forest.ts'
import { HELD_OUT_SCENARIOS } from '../simulate/scenarios.ts'
import { type Collect, gather, openGathering, type Part } from './collect.ts'
import { withCostWeights } from './cost-weights.ts'
import { openRecordings, type RecordingPlan } from './recordings.ts'

/** The limit of the design for what a Worker has to carry. */
export const MODEL_BYTES_MAX = 200 * 1_024

export type TrainRequest = RecordingPlan & {
  readonly catalogue: ExpectedCatalogue
  readonly forest: Omit<ForestOptions, 'seed'>
  readonly calibration: 'platt' | 'isotonic'
  /** Set where the rows came from an operator's own books instead of a simulation. */
  readonly stored?: StoredSource
  /** Set where they came from recordings that were given. */
  readonly recorded?: RecordedSource
}

/** What became of the requests of the recordings that were given. */
export type RecordedSource = {
  readonly recordings: number
  readonly labelled: number
  readonly unlabelled: number
  /** Left out of a later part, because their attack was in an earlier one. */
  readonly sameCampaign: number
}

/** What became of the stored requests that were looked at. */
export type StoredSource = {
  readonly labelled: number
  readonly unlabelled: number
  readonly otherCatalogue: number
  /** Of the labelled those that were challenged by lot, see `sample-labels.ts`. */
  readonly samplesPassed: number
  readonly samplesFailed: number
}

export const DEFAULT_REQUEST = {
  seed: 1,
  days: 4,
  scale: 0.25,
  trainRuns: 28,
  calibrationRuns: 6,
  testRuns: 6,
  forest: { trees: 32, depthMax: 9, leafWeightMin: 12, gainMin: 0.000_003 },
  calibration: 'platt',
  heldOut: HELD_OUT_SCENARIOS,
} as const satisfies Omit<TrainRequest, 'catalogue'>

export type ScenarioResult = {
  readonly scenario: string
  readonly rows: number
  readonly fraud: boolean
  /** Share of its rows above the threshold that hits 0.3 % of all legit test rows. */
  readonly caught: number
}

export type PartSummary = {
  readonly rows: number
  readonly fraud: number
  readonly fromMs: number
  readonly toMs: number
}

export type TrainingReport = {
  readonly request: TrainRequest
  readonly version: string
  readonly parts: {
    readonly train: PartSummary
    readonly calibration: PartSummary
    readonly test: PartSummary
  }
  readonly metrics: Metrics
  readonly reliability: readonly CalibrationBin[]
  readonly scenarios: readonly ScenarioResult[]
  readonly importance: readonly { readonly feature: string; readonly share: number }[]
  readonly bytes: number
  readonly gzippedBytes: number
}

export type Trained = {
  /** The model file, byte for byte the same for the same request and collector. */
  readonly text: string
  readonly model: Model
  readonly report: TrainingReport
}

/**
 * Simulates, collects, trains, calibrates and measures. The split is by seed and by time: every recording has a seed of
 * its own and begins after the one before has ended, so the forest is calibrated and tested on later traffic of
 * other campaigns. The second half of the training, and what follows it, is recorded behind a forest of the first half. Throws `TrainingRefused` when a part lacks a class or the file grows over its limit.
 */
export async function trainModel(request: TrainRequest, collect: Collect): Promise<Trained> {
  const { features } = request.catalogue
  const runs = openRecordings(request, collect)
  const training = openGathering(features)
  await training.add(runs.firstHalf())
  const front = frontModel(request, training.part())
  await training.add(runs.secondHalf(front))
  return trainOnParts(request, {
    train: training.part(),
    calibration: await gather(features, runs.calibration(front)),
    test: await gather(features, runs.test(front)),
  })
}

/** A forest of the first half alone, which stands in front of the later recordings. */
function frontModel(request: TrainRequest, { set }: Part): Model {
  const { features, catalogueId } = request.catalogue
  const trained = trainForest(withCostWeights(set), { ...request.forest, seed: request.seed })
  const scoring = { catalogue: catalogueId, features, calibration: { kind: 'none' } }
  const front = { format: MODEL_FORMAT, version: 'front', ...scoring, forest: trained.forest }
  return parseModel({ ...front, metadata: {} }, request.catalogue)
}

/** Like `trainModel`, on rows that were gathered already. */
export function trainOnParts(request: TrainRequest, parts: Parts): Trained {
  const { features } = request.catalogue
  const { train, calibration, test } = parts
  const trained = trainForest(withCostWeights(train.set), { ...request.forest, seed: request.seed })
  const flat = compileForest(trained.forest, features.length)
  const fitCalibration = request.calibration === 'platt' ? fitPlatt : fitIsotonic
  const fitted = fitCalibration({
    shares: sharesOf(flat, calibration.set),
    labels: calibration.set.labels,
  })
  const sealed = seal({ request, trained, fitted, parts })
  const model = parseModel(JSON.parse(sealed.text), request.catalogue)
  return { text: sealed.text, model, report: measure(request, sealed, { model, test, trained }) }
}

export type Parts = { readonly train: Part; readonly calibration: Part; readonly test: Part }
type Unsealed = {
  readonly request: TrainRequest
  readonly trained: TrainedForest
  readonly fitted: Calibration
  readonly parts: Parts
}
type Sealed = {
  readonly text: string
  readonly version: string
  readonly gzippedBytes: number
  readonly parts: Parts
}

/** The version is a digest of what scores: the same version always gives the same answers. */
function seal({ request, trained, fitted, parts }: Unsealed): Sealed {
  const { features, catalogueId } = request.catalogue
  const { forest } = trained
  const scoring = { catalogue: catalogueId, features, calibration: fitted, forest }
  const digest = createHash('sha256').update(JSON.stringify(scoring)).digest('hex')
  const version = `forest-${digest.slice(0, 12)}`
  const { catalogue: _, ...settings } = request
  const metadata = {
    settings,
    train: summaryOf(parts.train),
    calibration: summaryOf(parts.calibration),
  }
  const text = `${JSON.stringify({ format: MODEL_FORMAT, version, ...scoring, metadata })}\n`
  const gzippedBytes = gzipSync(text, { level: 9 }).length
  if (gzippedBytes > MODEL_BYTES_MAX) {
    throw new TrainingRefused(
      `the model is ${gzippedBytes} bytes gzipped, the limit is ${MODEL_BYTES_MAX}: fewer or smaller trees`,
    )
  }
  return { text, version, gzippedBytes, parts }
}

function measure(
  request: TrainRequest,
  { text, version, gzippedBytes, parts }: Sealed,
  { model, test, trained }: { model: Model; test: Part; trained: TrainedForest },
): TrainingReport {
  const probabilities = eachRow(test.set, (vector) => model.score(vector))
  const { labels } = test.set
  return {
    request,
    version,
    parts: {
      train: summaryOf(parts.train),
      calibration: summaryOf(parts.calibration),
      test: summaryOf(parts.test),
    },
    metrics: metricsOf(probabilities, labels),
    reliability: reliabilityOf(probabilities, labels),
    scenarios: byScenario(test, probabilities),
    importance: request.catalogue.features
      .map((feature, index) => ({ feature, share: trained.importance[index] ?? 0 }))
      .sort((a, b) => b.share - a.share),
    bytes: Buffer.byteLength(text),
    gzippedBytes,
  }
}

function byScenario({ set, scenarios }: Part, probabilities: Float64Array): ScenarioResult[] {
  const threshold = thresholdFor(probabilities, set.labels, 0.003)
  const results = new Map<string, { rows: number; fraud: boolean; above: number }>()
  scenarios.forEach((scenario, row) => {
    const result = results.get(scenario) ?? { rows: 0, fraud: set.labels[row] === 1, above: 0 }
    result.rows++
    if ((probabilities[row] as number) > threshold) result.above++
    results.set(scenario, result)
  })
  return [...results]
    .map(([scenario, { rows, fraud, above }]) => ({ scenario, rows, fraud, caught: above / rows }))
    .sort((a, b) => (a.scenario < b.scenario ? -1 : 1))
}

/** The probability that at most this share of legit rows exceeds. */
function thresholdFor(probabilities: Float64Array, labels: Uint8Array, rate: number): number {
  const legit = probabilities.filter((_, row) => labels[row] === 0).sort()
  return legit[Math.max(0, Math.ceil(legit.length * (1 - rate)) - 1)] ?? 1
}

function sharesOf(forest: FlatForest, set: TrainingSet): Float64Array {
  return eachRow(set, (vector) => meanShare(forest, vector))
}

function eachRow(set: TrainingSet, score: (vector: Float64Array) => number): Float64Array {
  const width = set.features.length
  return Float64Array.from(set.labels.keys(), (row) =>
    score(set.values.subarray(row * width, (row + 1) * width)),
  )
}

function summaryOf({ set, fromMs, toMs }: Part): PartSummary {
  return {
    rows: set.labels.length,
    fraud: set.labels.reduce((sum, label) => sum + label, 0),
    fromMs,
    toMs,
  }
}
