import type { MonthStore } from '../../billing/month-store.ts'
import {
  type MonthKey,
  type MonthLine,
  type MonthReading,
  meterOf,
  monthOf,
  reratingPrefix,
  volumeOf,
} from '../../billing/months.ts'
import { type Micros, plus, ZERO } from '../../domain/money.ts'
import type { Posting } from '../../domain/posting.ts'
import type { Send } from '../../domain/send.ts'

type Month = {
  readonly key: MonthKey
  readonly lines: Map<string, MonthLine>
  adjustments: number
  adjusted: Micros
  reratedSegments: number
}

/** Months with tiers in plain maps, fed by the ledger of the same books. */
export class MemoryMonthStore implements MonthStore {
  readonly #months = new Map<string, Month>()

  async volume(key: MonthKey): Promise<number> {
    return volumeOf([...(this.#months.get(reratingPrefix(key))?.lines.values() ?? [])])
  }

  async stale(limit: number): Promise<readonly MonthReading[]> {
    return [...this.#months.values()]
      .filter((month) => volumeOf([...month.lines.values()]) !== month.reratedSegments)
      .slice(0, limit)
      .map(({ key, lines, adjustments, adjusted }) => ({
        key,
        lines: [...lines.values()],
        adjustments,
        adjusted,
      }))
  }

  async markRerated({ key, lines }: MonthReading): Promise<void> {
    const month = this.#months.get(reratingPrefix(key))
    if (month !== undefined) month.reratedSegments = volumeOf(lines)
  }

  /** A send was settled: what the balance paid for it counts, if its price has tiers. */
  count(send: Send, { entries }: Posting): void {
    const { tiers, country, kind, unitPrice } = send.rate
    const paid = entries.find(({ account }) => account.startsWith('revenue:'))?.amount
    if (tiers === undefined || paid === undefined) return
    const { accountId, currency, createdAtMs, channel } = send
    const meter = meterOf(channel, country, kind)
    const month = this.#monthOf({ accountId, currency, month: monthOf(createdAtMs), meter })
    const text = JSON.stringify(tiers)
    const line = month.lines.get(text) ?? { tiers, segments: 0, settled: ZERO }
    month.lines.set(text, {
      tiers,
      segments: line.segments + paid / unitPrice,
      settled: plus(line.settled, paid),
    })
  }

  /** A posting by which a month was re-rated. */
  rerated({ key, entries }: Posting): void {
    const month = this.#months.get(key.slice(0, key.lastIndexOf(':') + 1))
    const given = entries.find(({ account }) => account.startsWith('prepaid:'))?.amount
    if (month === undefined || given === undefined) return
    month.adjustments += 1
    month.adjusted = plus(month.adjusted, given)
  }

  #monthOf(key: MonthKey): Month {
    const name = reratingPrefix(key)
    const known = this.#months.get(name)
    if (known !== undefined) return known
    const month: Month = {
      key,
      lines: new Map(),
      adjustments: 0,
      adjusted: ZERO,
      reratedSegments: 0,
    }
    this.#months.set(name, month)
    return month
  }
}
