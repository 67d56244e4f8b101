import type { Outcome } from '../../domain/decision.ts'
import type { IssueEvent } from '../simulate/event.ts'

/** One decided request, with what only the evaluation knows. */
export type Measured = {
  /** Which run it is from: users, campaigns and victims of different runs are different ones. */
  readonly run: string
  readonly event: IssueEvent
  readonly decision: Outcome
  readonly reasons: readonly string[]
  readonly sent: boolean
  /** USD. */
  readonly price: number
}

/** A cap on one number holds for everybody and says nothing about who asked. */
export function isCap(reasons: readonly string[]): boolean {
  return /^phone_.*_cap/.test(reasons[0] ?? '')
}
