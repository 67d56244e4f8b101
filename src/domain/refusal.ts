import type { Budget } from './budget.ts'
import type { HardStop } from './decision.ts'

/** A cap or a budget that had no room. */
export type Stopped = {
  readonly kind: 'stopped'
  readonly stop: HardStop
  readonly retryAtMs: number
  /** The one that refused, if it was one and still would. */
  readonly budget?: Budget
}

/** The balance does not cover it. */
export type Short = { readonly kind: 'short' }
