import { type Cell, crowdOf, excessOf, surgeOf, suspicionOf } from './cell.ts'
import { type Cells, type OwnCell, trustedOf, usualShares } from './cells.ts'
import { futilityOf } from './passes.ts'
import { regularityOf, sequenceOf } from './pattern.ts'
import type { RangeLevel, RangeSight } from './watch.ts'

/** Fewer say nothing, and most countries have none. */
const PASSES_LEAST = 1
const NOTHING = { suspicion: 0, surge: 0, excess: 0 }

/**
 * Everything that the cells of one destination say together. Each suspicion is shrunk to that of the wider cell's other parts:
 * a narrow cell's outcomes are in all the cells around it, and shall not count once for each of them.
 */
export function sightOf(cells: Cells): RangeSight {
  const { account, rare, rareElsewhere, country } = cells
  const crowd = crowdOf(account, rare ?? country)
  const judge: Judge = (cell, parent) => ({
    suspicion: suspicionOf(cell, parent),
    surge: surgeOf(cell, account, cell === account ? 1 : crowd),
    excess: excessOf(cell),
  })
  const whole = judge(account, 0)
  const rareEverywhere = rareElsewhere === undefined ? NOTHING : judge(rareElsewhere, 0)
  const abroad = rareElsewhere === undefined ? 0 : suspicionOf(rareElsewhere, 0, rare)
  const pool = rare === undefined ? NOTHING : judge(rare, abroad)
  const around = rare === undefined ? 0 : suspicionOf(rare, abroad, country)
  const levels = levelsOf(cells, judge, around)
  const [outer = NOTHING] = levels
  const narrow = levels.at(-1) ?? NOTHING
  const beyond = elsewhereOf(cells, judge, around)
  const range = cells.own.find(({ kind }) => kind === 'range4')?.cell ?? country
  return {
    suspicion: Math.max(narrow.suspicion, beyond.suspicion),
    surge: surgeAmong(levels, pool.surge),
    excess: excessAmong(levels),
    outcomes: cells.own.at(-1)?.cell.outcomes ?? 0,
    country_suspicion: outer.suspicion,
    country_surge: outer.surge,
    country_excess: outer.excess,
    country_trusted: trustedOf(country),
    country_share: trustedOf(country) / (trustedOf(account) + 1),
    rare_suspicion: pool.suspicion,
    rare_surge: pool.surge,
    rare_excess: Math.max(pool.excess, rareEverywhere.excess),
    account_suspicion: whole.suspicion,
    account_surge: whole.surge,
    account_excess: whole.excess,
    elsewhere_suspicion: beyond.suspicion,
    elsewhere_excess: beyond.excess,
    elsewhere_surge: beyond.surge,
    drift: driftAmong(cells.own),
    regularity: regularityOf(range),
    typed_elsewhere: country.typedElsewhere / Math.max(1, country.typed),
    sequence: sequenceOf(range),
    futile: futileOf(cells),
    levels: levels.toReversed(),
  }
}

/**
 * Whether challenges stop anybody here: what passes came to in this range, shrunk to those of its country. Passes of other countries
 * do not count: people of a market that just opened, once refused, could not show that they type their codes in.
 */
function futileOf(cells: Cells): number {
  const { country, own } = cells
  if (country.passes < PASSES_LEAST) return 0
  const range = own.find(({ kind }) => kind === 'range4')?.cell
  const usual = usualShares(cells)(country)
  const around = futilityOf(country, { around: 0, usual, without: range })
  return range === undefined ? around : futilityOf(range, { around, usual, without: undefined })
}

/** A wide cell has always some excess by chance; it speaks only where it is a part of its sends that counts. */
const SUSPECTED = 0.25

function excessAmong(levels: readonly RangeLevel[]): number {
  let most = 0
  for (const { suspicion, excess } of levels) {
    if (suspicion >= SUSPECTED && excess > most) most = excess
  }
  return most
}

function surgeAmong(levels: readonly RangeLevel[], pool: number): number {
  let most = pool
  for (const { surge } of levels) most = Math.max(most, surge)
  return most
}

function driftAmong(own: readonly OwnCell[]): number {
  let most = 0
  for (const { cell } of own) most = Math.max(most, cell.drift)
  return most
}

type Evidence = { readonly suspicion: number; readonly surge: number; readonly excess: number }
type Judge = (cell: Cell, parent: number) => Evidence

function levelsOf({ own }: Cells, judge: Judge, pool: number): readonly RangeLevel[] {
  let around = pool
  return own.map(({ kind, key, cell }: OwnCell, at) => {
    const { suspicion, surge, excess } = judge(cell, around)
    around = suspicionOf(cell, around, own[at + 1]?.cell)
    const { asksDay, outcomes, unanswered } = cell
    return { kind, key, suspicion, surge, excess, asksDay, outcomes, unanswered }
  })
}

/** What all accounts together know of the range. */
function elsewhereOf({ elsewhere }: Cells, judge: Judge, country: number): Evidence {
  const [wide, narrow] = elsewhere
  const around = suspicionOf(wide, country, narrow)
  const outer = judge(wide, country)
  const inner = judge(narrow, around)
  return {
    suspicion: inner.suspicion,
    surge: Math.max(outer.surge, inner.surge),
    excess: Math.max(outer.excess, inner.excess),
  }
}
