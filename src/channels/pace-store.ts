import type { Pace } from './token-bucket.ts'

/** So many tokens of a provider's bucket, wanted now. */
export type PaceDraw = {
  readonly providerId: string
  readonly pace: Pace
  readonly count: number
  readonly nowMs: number
}

export type Drawn = {
  /** Of those that were wanted; they are to be used at once. */
  readonly count: number
  /** When the bucket will be full again, as `token-bucket.ts` keeps it. */
  readonly fullAtMs: number
}

/** The buckets of providers, one for all processes. */
export interface PaceStore {
  /** Takes as many tokens as there are, at most `count`, in one step: two that draw at the same moment never share one. */
  draw(draw: PaceDraw): Promise<Drawn>
}
