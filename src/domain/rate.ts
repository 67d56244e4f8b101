import type { MessageKind } from './message-kind.ts'
import type { Micros } from './money.ts'

/** When a send's price is due: once a provider accepted it, or once it was delivered. */
export const BILL_ON = ['accepted', 'delivered'] as const
export type BillOn = (typeof BILL_ON)[number]

/** Domestic prices go by kind and may have monthly tiers; international ones are one per destination. */
export const MARKETS = ['domestic', 'international'] as const
export type Market = (typeof MARKETS)[number]

/** The price of every segment of a month that has at least so many. */
export type Tier = { readonly fromSegments: number; readonly price: Micros }

/** What a send was rated by when it was made. Frozen with it: a later price list changes no send that exists. */
export type Rate = {
  readonly market: Market
  readonly kind: MessageKind
  /** Of the number. */
  readonly country: string
  /** Segments of a text, or 1 for a call. */
  readonly segments: number
  /** Of one segment, before the month is re-rated. */
  readonly unitPrice: Micros
  readonly billOn: BillOn
  /** Lowest first, beginning at 0; undefined where one price holds whatever the volume. */
  readonly tiers: readonly Tier[] | undefined
}
