import type { Dice } from '../../../src/platform/virtual.ts'

/**
 * What can be wrong with a provider. slow: answers and texts take long; refusing: says that it is down; hanging: takes nothing and
 * answers nothing; losing: takes the text, loses it and says so; silent: loses it and says nothing; boasting: loses it and says
 * delivered; slandering: delivers it and says undelivered.
 */
export const TROUBLES = [
  'slow',
  'refusing',
  'hanging',
  'losing',
  'silent',
  'boasting',
  'slandering',
] as const
export type Trouble = (typeof TROUBLES)[number]
export type Mode = Trouble | 'fine'

export type Incident = {
  readonly trouble: Trouble
  readonly fromMs: number
  readonly untilMs: number
  /** Undefined: everywhere. */
  readonly country: string | undefined
}

export type Season = {
  readonly fromMs: number
  readonly untilMs: number
  /** On the mean, between the ends of two incidents of one provider. */
  readonly calmMs: number
  readonly shortestMs: number
  readonly longestMs: number
}

/** One provider's troubles, which never overlap. Each kind comes before any comes twice. */
export function incidentsOf(
  dice: Dice,
  season: Season,
  countries: readonly string[],
): readonly Incident[] {
  const incidents: Incident[] = []
  let kinds: Trouble[] = []
  let atMs = season.fromMs
  for (;;) {
    const fromMs = atMs - Math.log(1 - dice.next()) * season.calmMs
    const lengthMs = season.shortestMs + dice.next() * (season.longestMs - season.shortestMs)
    if (fromMs + lengthMs >= season.untilMs) return incidents
    if (kinds.length === 0) kinds = shuffled(dice, TROUBLES)
    const country = dice.next() < 0.5 ? undefined : countries[dice.below(countries.length)]
    const trouble = kinds.pop()!
    incidents.push({ trouble, fromMs, untilMs: fromMs + lengthMs, country })
    atMs = fromMs + lengthMs
  }
}

export function modeAt(incidents: readonly Incident[], country: string, atMs: number): Mode {
  const now = incidents.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
  return now !== undefined && (now.country ?? country) === country ? now.trouble : 'fine'
}

function shuffled<T>(dice: Dice, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: dice.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
