import type { CostRow } from '../../billing/costs.ts'
import { decimalOfMicros } from '../../billing/decimal.ts'
import type { PriceBook, Priced, PriceQuery } from '../../billing/price-book.ts'
import { ANYWHERE } from '../../billing/price-row.ts'
import type { RulesFolder } from '../../config/rules-folder.ts'
import { MESSAGE_KINDS } from '../../domain/message-kind.ts'
import { micros } from '../../domain/money.ts'

/**
 * What every cost of the folder leaves of the list's price at each of its kinds, in the currency of the cost; one line each, the
 * worst first. A cost in a currency without prices has no margin to tell.
 */
export function marginLines({ prices, costs }: Pick<RulesFolder, 'prices' | 'costs'>): string[] {
  if (prices === undefined) return []
  const margins = costs.rows.flatMap((cost) => marginsOf(prices, cost))
  const lines = margins
    .sort((left, right) => left.margin - right.margin)
    .map(({ cost, kind, price, margin }) =>
      [
        cost.provider,
        cost.channel,
        cost.country,
        kind,
        cost.currency,
        decimalOfMicros(price),
        decimalOfMicros(cost.cost),
        decimalOfMicros(micros(margin)),
      ].join(','),
    )
  return ['provider,channel,country,kind,currency,price,cost,margin', ...lines]
}

/** One where every kind costs the same. The lowest tier is what a month of any volume may come to. */
function marginsOf(prices: PriceBook, cost: CostRow) {
  const { channel, country, currency } = cost
  if (!prices.currencies.has(currency)) return []
  const atMs = cost.from === undefined ? Date.parse('9999-01-01') : Date.parse(cost.from)
  const query: Omit<PriceQuery, 'kind'> = {
    accountId: undefined,
    currency,
    channel,
    country: country === ANYWHERE ? '' : country,
    atMs,
  }
  const byKind = MESSAGE_KINDS.map((kind) => ({ kind, priced: prices.priceOf({ ...query, kind }) }))
  const isOne = byKind.every(({ priced }) => lowest(priced) === lowest(byKind[0]?.priced))
  const told = isOne ? byKind.slice(0, 1).map((one) => ({ ...one, kind: '' })) : byKind
  return told.map(({ kind, priced }) => {
    const price = lowest(priced)
    return { cost, kind, price, margin: price - cost.cost }
  })
}

const lowest = (priced: Priced | undefined) =>
  priced?.tiers?.at(-1)?.price ?? priced?.price ?? micros(0)
