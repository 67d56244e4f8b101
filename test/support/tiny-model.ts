import { CATALOGUE_ID, MODEL_FEATURES } from '../../src/risk/feature-catalogue.ts'
import { MODEL_FORMAT } from '../../src/risk/model/model.ts'
import { trainForest } from '../../src/risk/model/train-forest.ts'

const ROWS = 60

/** The text of a model file that calls everything fraud in which `feature` reaches `from`, and nothing else. */
export function tinyModelText(feature: string, from: number, version = 'forest-tiny'): string {
  const width = MODEL_FEATURES.length
  const values = new Float64Array(ROWS * width)
  const place = MODEL_FEATURES.indexOf(feature)
  for (let row = 0; row < ROWS; row++) values[row * width + place] = row % 2 === 0 ? 0 : from
  const { forest } = trainForest(
    {
      features: MODEL_FEATURES,
      values,
      labels: Uint8Array.from({ length: ROWS }, (_, r) => r % 2),
    },
    { seed: 1, trees: 4, depthMax: 2, leafWeightMin: 1, featuresPerSplit: width },
  )
  return JSON.stringify({
    format: MODEL_FORMAT,
    version,
    catalogue: CATALOGUE_ID,
    features: MODEL_FEATURES,
    calibration: { kind: 'none' },
    forest,
    metadata: {},
  })
}
