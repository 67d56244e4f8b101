import { fieldProblem } from '../../domain/problems.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS_MAX = 366
const START = `query:from`

export type Window = { readonly fromMs: number; readonly toMs: number }

/** The window a report is about: up to now, and a day long, where the caller does not say otherwise. Throws `invalid_request`. */
export function windowOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): Window {
  const toMs = to === undefined ? nowMs : Date.parse(to)
  const fromMs = from === undefined ? toMs - DAY_MS : Date.parse(from)
  if (fromMs >= toMs) throw fieldProblem(START, 'must be before to')
  if (toMs - fromMs > WINDOW_DAYS_MAX * DAY_MS) {
    throw fieldProblem(START, `must be at most ${WINDOW_DAYS_MAX} days before to`)
  }
  return { fromMs, toMs }
}
