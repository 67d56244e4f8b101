import type { Cell, Outcome } from './cell.ts'

/** How a send ended that somebody had solved a challenge for. */
export function countPass(
  cell: Cell,
  { weight, unanswered }: Pick<Outcome, 'weight' | 'unanswered'>,
): void {
  cell.passes += weight
  cell.passesUnanswered += unanswered
}

/** A pass that was counted unanswered was somebody's after all. */
export function takeBackPass(cell: Cell, unanswered: number): void {
  cell.passesUnanswered = Math.max(0, cell.passesUnanswered - unanswered)
}

/** How many passes a cell needs before its own weigh as much as those around it. */
const SHRINK_PASSES = 2

/** What is known around a cell; `without` is a part of it that is left out. */
export type Surroundings = {
  readonly around: number
  /** Unanswered share of ordinary traffic. */
  readonly usual: number
  readonly without: Cell | undefined
}

/**
 * The share of those who solve a challenge here that waits for no code: as `suspicionOf`, of the sends that followed a solved
 * challenge. Near 1 a challenge stops nobody who attacks. Nothing is solved where requests are refused, so it fades within days, and the
 * next few passes tell how things stand.
 */
export function futilityOf(cell: Cell, { around, usual, without }: Surroundings): number {
  const passes = Math.max(0, cell.passes - (without?.passes ?? 0))
  const unanswered = Math.max(0, cell.passesUnanswered - (without?.passesUnanswered ?? 0))
  const surplus = unanswered - passes * usual
  const share = (surplus + SHRINK_PASSES * around) / (passes * (1 - usual) + SHRINK_PASSES)
  return Math.min(1, Math.max(0, share))
}
