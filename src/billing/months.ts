import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { type Currency, type Micros, negate, plus, times, ZERO } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import type { Tier } from '../domain/rate.ts'

/** What counts together towards the tiers of one month: an account's sends of one kind to one country by one channel. */
export type MonthKey = {
  readonly accountId: AccountId
  readonly currency: Currency
  /** `2026-07`, of the instant at which a send was made (UTC). */
  readonly month: string
  readonly meter: string
}

export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7)

export type Meter = {
  readonly channel: Channel
  readonly country: string
  readonly kind: MessageKind
}

export const meterOf = (channel: Channel, country: string, kind: MessageKind): string =>
  `${channel}:${country}:${kind}`

/** Segments that the balance paid for under one table of tiers, and what was settled for them. */
export type MonthLine = {
  readonly tiers: readonly Tier[]
  readonly segments: number
  readonly settled: Micros
}

export type MonthReading = {
  readonly key: MonthKey
  /** More than one where the price list changed within the month. */
  readonly lines: readonly MonthLine[]
  /** How often the month was re-rated, and how much of it went back to the tenant by that. */
  readonly adjustments: number
  readonly adjusted: Micros
}

/** The price of every segment of a month of so many. `tiers` are lowest first and begin at 0. */
export function priceAt(tiers: readonly Tier[], segments: number): Micros {
  const reached = tiers.findLast((tier) => tier.fromSegments <= segments)
  return reached?.price ?? ZERO
}

export const volumeOf = (lines: readonly Pick<MonthLine, 'segments'>[]): number =>
  lines.reduce((sum, { segments }) => sum + segments, 0)

/** What the month costs: every segment at the tier that the whole month reaches, each line by its own table. */
export function monthCost(lines: readonly MonthLine[]): Micros {
  const volume = volumeOf(lines)
  return lines.reduce(
    (sum, { tiers, segments }) => plus(sum, times(priceAt(tiers, volume), segments)),
    ZERO,
  )
}

/** What has been charged for the month so far: settled, less what re-rating gave back. */
export const monthCharged = ({ lines, adjusted }: MonthReading): Micros =>
  lines.reduce((sum, { settled }) => plus(sum, settled), negate(adjusted))

/**
 * The posting that makes a month cost what it should, undefined when it does. Its key counts the re-ratings, so that two who read the
 * same month cannot both correct it; what settles afterwards is for the next one. A tier never costs more than the one below,
 * so money only ever goes back to the tenant, unless prices were read from a volume that was too high.
 */
export function reratingOf(reading: MonthReading, atMs: number): Posting | undefined {
  const { accountId, currency, month, meter } = reading.key
  const back = plus(monthCharged(reading), negate(monthCost(reading.lines)))
  if (back === 0) return undefined
  return {
    key: `${reratingPrefix(reading.key)}${reading.adjustments}`,
    accountId,
    currency,
    atMs,
    verificationId: undefined,
    sendId: undefined,
    entries: [
      { account: `revenue:${accountId}`, amount: negate(back) },
      { account: `prepaid:${accountId}`, amount: back },
    ],
    note: `${month} ${meter} at the price of ${volumeOf(reading.lines)} segments`,
  }
}

/** What the keys of a month's re-ratings begin with. */
export const reratingPrefix = ({ accountId, currency, month, meter }: MonthKey): string =>
  `rerate:${accountId}:${currency}:${month}:${meter}:`

/** What a re-rating was of, from its key; undefined for the key of any other posting. */
export function meterOfRerating(key: string): Meter | undefined {
  const [posting, , , , channel = '', country = '', kind = ''] = key.split(':')
  if (posting !== 'rerate') return undefined
  return { channel: channel as Channel, country, kind: kind as MessageKind }
}
