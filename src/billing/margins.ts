import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { type Currency, type Micros, negate, plus, ZERO } from '../domain/money.ts'
import type { EarnedLine, SentLine } from './statement-store.ts'

/** What margins may be told by. */
export const MARGIN_WORDS = ['day', 'account', 'country', 'kind', 'channel', 'provider'] as const
export type MarginWord = (typeof MARGIN_WORDS)[number]

/** Where money came from or went; a word that it has none of is left out, such as the provider of a re-rating. */
export type MarginWords = Readonly<Partial<Record<MarginWord, string>>>

/** Whose lines they are, and on which day. */
export type MarginPlace = {
  readonly day: string
  readonly accountId: AccountId
  readonly currency: Currency
}

/** Of one currency; nothing is converted, so a price in one and its cost in another are two rows. */
export type MarginRow = {
  readonly words: MarginWords
  readonly currency: Currency
  readonly sends: number
  readonly unbilled: number
  readonly segments: number
  readonly packageSegments: number
  /** What balances paid for messages. */
  readonly price: Micros
  /** What crossing a tier gave back: below nothing. */
  readonly rerating: Micros
  /** Packages that were sold. */
  readonly packages: Micros
  /** Refunds and corrections, and whatever else was earned or given back. */
  readonly adjustments: Micros
  readonly cost: Micros
}

/** What is left of all that was earned. */
export const marginOfRow = ({ price, rerating, packages, adjustments, cost }: MarginRow): Micros =>
  [rerating, packages, adjustments, negate(cost)].reduce(plus, price)

const EARNED_AS: Readonly<Record<string, 'rerating' | 'packages'>> = {
  rerate: 'rerating',
  grant: 'packages',
}

/** Adds lines up by some words, so that it holds as much as it will tell and no more. */
export class MarginTable {
  readonly #by: readonly MarginWord[]
  readonly #rows = new Map<string, MarginRow>()

  constructor(by: readonly MarginWord[]) {
    this.#by = by
  }

  /** A cost without a currency is taken to be in the account's. */
  addSent(place: MarginPlace, line: SentLine): void {
    const { currency } = place
    const { country, kind, channel, provider, cost, costCurrency = currency } = line
    const words = wordsOf(place, { country, kind, channel, provider })
    const { sends, unbilled, segments, packageSegments, price } = line
    this.#add(words, currency, { sends, unbilled, segments, packageSegments, price })
    if (cost !== 0) this.#add(words, costCurrency, { cost })
  }

  addEarned(place: MarginPlace, { posting, meter, currency, amount }: EarnedLine): void {
    const words = wordsOf(place, { ...meter, provider: undefined })
    this.#add(words, currency, { [EARNED_AS[posting] ?? 'adjustments']: amount })
  }

  /** In the order of their words, then of their currencies. */
  rows(): readonly MarginRow[] {
    return [...this.#rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  }

  #add(all: MarginWords, currency: Currency, more: Partial<Figures>): void {
    const words = Object.fromEntries(
      this.#by.flatMap((word) => (all[word] === undefined ? [] : [[word, all[word]]])),
    )
    const key = [...this.#by.map((word) => all[word] ?? ''), currency].join('\t')
    const row = this.#rows.get(key) ?? { ...NOTHING, words, currency }
    this.#rows.set(key, { ...row, ...summed(row, more) })
  }
}

type Figures = Omit<MarginRow, 'words' | 'currency'>

const NOTHING: Figures = {
  sends: 0,
  unbilled: 0,
  segments: 0,
  packageSegments: 0,
  price: ZERO,
  rerating: ZERO,
  packages: ZERO,
  adjustments: ZERO,
  cost: ZERO,
}

function summed(row: Figures, more: Partial<Figures>): Figures {
  const money = (name: 'price' | 'rerating' | 'packages' | 'adjustments' | 'cost') =>
    plus(row[name], more[name] ?? ZERO)
  return {
    sends: row.sends + (more.sends ?? 0),
    unbilled: row.unbilled + (more.unbilled ?? 0),
    segments: row.segments + (more.segments ?? 0),
    packageSegments: row.packageSegments + (more.packageSegments ?? 0),
    price: money('price'),
    rerating: money('rerating'),
    packages: money('packages'),
    adjustments: money('adjustments'),
    cost: money('cost'),
  }
}

type Destination = {
  readonly country?: string
  readonly kind?: MessageKind
  readonly channel?: Channel
  readonly provider: string | undefined
}

const wordsOf = ({ day, accountId }: MarginPlace, { provider, ...rest }: Destination) => ({
  day,
  account: accountId,
  ...rest,
  ...(provider === undefined ? {} : { provider }),
})

/** Of all rows, one for each currency. */
export function marginTotals(rows: readonly MarginRow[]): readonly MarginRow[] {
  const totals = new Map<Currency, MarginRow>()
  for (const row of rows) {
    const total = totals.get(row.currency) ?? { ...NOTHING, words: {}, currency: row.currency }
    totals.set(row.currency, { ...total, ...summed(total, row) })
  }
  return [...totals.values()]
}
