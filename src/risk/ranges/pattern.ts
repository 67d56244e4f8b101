import type { Cell } from './cell.ts'

/** Conversions needed before their timing says anything. */
const TIMED_LEAST = 5
/** People differ by half their own delay and more; a machine with a timer does not. */
const PEOPLE_SPREAD = 0.35

/** 0: the delays of the conversions vary as people's do; towards 1: they come by the clock. */
export function regularityOf(cell: Cell): number {
  if (cell.typed < TIMED_LEAST) return 0
  const mean = cell.delaySum / cell.typed
  const spread = Math.sqrt(Math.max(0, cell.delaySquares / cell.typed - mean * mean))
  return Math.max(0, 1 - spread / PEOPLE_SPREAD)
}

/** Share of requests whose number lies next to one of the four before it. */
export const sequenceOf = (cell: Cell): number => cell.neighbours / Math.max(1, cell.asksDay)
