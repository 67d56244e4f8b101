import { FEATURES } from './feature-catalogue.ts'
import type { FeatureValues } from './feature-values.ts'

const PLACE = FEATURES.findIndex(({ name }) => name === 'watch.futile')

/** Part of those who solve a challenge at the destination of a request that wants no code; 0 where it is not known. */
export const futileOf = ({ values }: Pick<FeatureValues, 'values'>): number => {
  const share = values[PLACE]
  return share === undefined || Number.isNaN(share) ? 0 : share
}
