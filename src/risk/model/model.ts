import * as z from 'zod'
import { CalibrationSchema, calibrate } from './calibration.ts'
import { compileForest } from './compile-forest.ts'
import {
  contributionsOf,
  type FlatForest,
  meanShare,
  type PathContributions,
  voteShare,
} from './flat-forest.ts'
import { fromFlatJson, isFlatJson, toFlatJson } from './flat-json.ts'
import { ModelRefused } from './refusals.ts'

export const MODEL_FORMAT = 'tollgate-forest'

const Envelope = z.strictObject({
  format: z.literal(MODEL_FORMAT),
  version: z.string().min(1).max(100),
  catalogue: z.string().min(1).max(100),
  features: z.array(z.string().min(1).max(100)).min(1).max(1_000),
  calibration: CalibrationSchema,
  forest: z.unknown(),
  metadata: z.record(z.string(), z.unknown()),
})

/** The feature catalogue that this build computes. A model of any other catalogue is refused. */
export type ExpectedCatalogue = {
  readonly features: readonly string[]
  readonly catalogueId: string
}

/** A scored request with the reason for its score. `base` and `contributions` are in forest shares, before calibration. */
export type Explanation = PathContributions & { readonly score: number }

/** A forest ready to run. It holds no state: any number of requests may use it at once. */
export type Model = {
  readonly version: string
  readonly features: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly forest: FlatForest
  /** Calibrated probability of fraud, 0 to 1. `vector` follows the order of `features`. */
  score(vector: Float64Array): number
  explain(vector: Float64Array): Explanation
  /** ml-random-forest's own `predictProbability(…, 1)`, uncalibrated; see `voteShare`. */
  predictProbability(vector: Float64Array): number
}

/** Reads a model file. Throws `ModelRefused` with the place and the reason; the caller keeps the model it has. */
export function readModel(text: string, expected: ExpectedCatalogue): Model {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ModelRefused(`the file is not whole JSON (${text.length} characters)`)
  }
  return parseModel(json, expected)
}

/** Like `readModel`, for JSON that is parsed already (a Worker's bundled module). */
export function parseModel(json: unknown, expected: ExpectedCatalogue): Model {
  const parsed = Envelope.safeParse(json)
  if (!parsed.success) throw new ModelRefused(firstIssue(parsed.error))
  const { version, catalogue, features, calibration, metadata } = parsed.data
  refuseForeign(catalogue, features, expected)
  const forest = forestOf(parsed.data.forest, features.length)
  return {
    version,
    features,
    metadata,
    forest,
    score: (vector) => calibrate(calibration, meanShare(forest, vector)),
    explain: (vector) => {
      const contributions = contributionsOf(forest, vector)
      return { ...contributions, score: calibrate(calibration, contributions.share) }
    },
    predictProbability: (vector) => voteShare(forest, vector),
  }
}

const forestOf = (json: unknown, features: number): FlatForest =>
  isFlatJson(json) ? fromFlatJson(json, features) : compileForest(json, features)

/** The same model with its forest compiled already, for where every byte counts. Takes the text of a model file. */
export function toEdgeModel(text: string): string {
  const whole = Envelope.parse(JSON.parse(text))
  const forest = toFlatJson(forestOf(whole.forest, whole.features.length))
  return `${JSON.stringify({ ...whole, forest })}\n`
}

function refuseForeign(catalogue: string, features: readonly string[], it: ExpectedCatalogue) {
  if (catalogue !== it.catalogueId) {
    throw new ModelRefused(
      `catalogue is ${catalogue}, this build computes ${it.catalogueId}: train the model again`,
    )
  }
  const at = it.features.findIndex((name, index) => features[index] !== name)
  if (at >= 0 || features.length !== it.features.length) {
    const index = at >= 0 ? at : it.features.length
    throw new ModelRefused(
      `features.${index} is ${features[index] ?? 'missing'}, expected ${it.features[index] ?? 'no more'}`,
    )
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  const where = issue?.path.join('.') || 'the model'
  return `${where}: ${issue?.message ?? 'has the wrong shape'}`
}
