import { type SeededRandom, seededRandom } from '../../risk/model/seeded-random.ts'

/** Chance with the shapes that people and machines have. */
export type Dice = SeededRandom & {
  chance(probability: number): boolean
  between(low: number, high: number): number
  /** Exponential waiting time. */
  wait(mean: number): number
  /** Log-normal around `median`; `spread` is the standard deviation of the logarithm. */
  around(median: number, spread: number): number
  pick<Item>(list: readonly Item[]): Item
  weighted<Item>(list: readonly (readonly [Item, number])[]): Item
  /** `count` random decimal digits. */
  digits(count: number): string
}

export function diceOf(...seeds: readonly (number | string)[]): Dice {
  const random = seededRandom(...seeds)
  const { unit, below } = random
  const between = (low: number, high: number) => low + (high - low) * unit()
  return {
    unit,
    below,
    between,
    chance: (probability) => unit() < probability,
    wait: (mean) => -mean * Math.log(1 - unit()),
    around: (median, spread) => median * Math.exp(spread * normal(unit)),
    pick: (list) => pickFrom(list, below(list.length)),
    weighted: (list) => weightedFrom(list, unit()),
    digits: (count) => String(below(10 ** count)).padStart(count, '0'),
  }
}

/** Box-Muller; one of the pair is enough. */
function normal(unit: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
}

function pickFrom<Item>(list: readonly Item[], index: number): Item {
  return list[index] as Item
}

function weightedFrom<Item>(list: readonly (readonly [Item, number])[], share: number): Item {
  let rest = share * list.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of list) {
    rest -= weight
    if (rest < 0) return item
  }
  return pickFrom(list, list.length - 1)[0]
}
