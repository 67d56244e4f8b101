/** How often something went well, in events of which older ones count less. */
export type Tally = { good: number; bad: number; atMs: number }

/** A share with how many events stand behind it, those of the wider group that it leans on included. */
export type Estimate = { readonly mean: number; readonly weight: number }

export const newTally = (atMs: number): Tally => ({ good: 0, bad: 0, atMs })

/**
 * Adds one event; what was there is halved for every `halfLifeMs` that went by, and never weighs more than `weightMax` events. A late
 * event counts as of now.
 */
export function addTo(
  tally: Tally,
  isGood: boolean,
  { nowMs, halfLifeMs, weightMax }: Decay & { readonly weightMax: number },
): void {
  const faded = fading(tally, nowMs, halfLifeMs)
  const kept = faded * Math.min(1, weightMax / ((tally.good + tally.bad) * faded))
  tally.good = tally.good * kept + (isGood ? 1 : 0)
  tally.bad = tally.bad * kept + (isGood ? 0 : 1)
  tally.atMs = Math.max(tally.atMs, nowMs)
}

export type Decay = { readonly nowMs: number; readonly halfLifeMs: number }

/**
 * Mean of a Beta posterior whose prior is the wider group's estimate, worth at most `leanMax` events: few events stay near
 * the group, many speak for themselves.
 */
export function leanOn(
  group: Estimate,
  tally: Tally | undefined,
  { nowMs, halfLifeMs, leanMax }: Decay & { readonly leanMax: number },
): Estimate {
  const prior = Math.min(group.weight, leanMax)
  if (tally === undefined) return { mean: group.mean, weight: prior }
  const kept = fading(tally, nowMs, halfLifeMs)
  const weight = prior + (tally.good + tally.bad) * kept
  return { mean: (group.mean * prior + tally.good * kept) / weight, weight }
}

/** What is left of `all` when the events of `part`, which are among them, are taken away. */
export function without(all: Tally, part: Tally, { nowMs, halfLifeMs }: Decay): Tally {
  const [ofAll, ofPart] = [all, part].map((tally) => fading(tally, nowMs, halfLifeMs)) as [
    number,
    number,
  ]
  const left = (whole: number, taken: number) => Math.max(0, whole * ofAll - taken * ofPart)
  return { good: left(all.good, part.good), bad: left(all.bad, part.bad), atMs: nowMs }
}

const fading = ({ atMs }: Tally, nowMs: number, halfLifeMs: number): number =>
  2 ** (-Math.max(0, nowMs - atMs) / halfLifeMs)
