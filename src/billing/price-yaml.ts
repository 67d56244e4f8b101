import * as z from 'zod'
import { CHANNELS, type Channel } from '../domain/channel.ts'
import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'
import { type Mistake, mistakesOf } from '../domain/mistake.ts'
import type { Micros } from '../domain/money.ts'
import { timesDecimal } from './decimal.ts'
import {
  accountCell,
  billOnCell,
  countryCell,
  currencyCell,
  dayCell,
  decimalUpTo,
  priceCell,
} from './price-cells.ts'
import { ANYWHERE, type PriceRow } from './price-row.ts'

const FACTOR_MAX = 100
const SEGMENTS_MAX = 1_000_000_000_000

/** Reads a mapping by one schema and anything else by the other, so that a mistake is told in the words of what was meant. */
const plainOr = <P extends z.ZodType, M extends z.ZodType>(plain: P, mapping: M) =>
  z.unknown().transform((value, context): z.output<P> | z.output<M> => {
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
    const parsed = (isMapping ? mapping : plain).safeParse(value)
    if (parsed.success) return parsed.data
    context.issues.push(...(parsed.error.issues as unknown as typeof context.issues))
    return z.NEVER
  })

/** A price, or one with its own moment of billing. */
const entry = plainOr(priceCell, z.strictObject({ price: priceCell, bill_on: billOnCell }))
type Entry = z.infer<typeof entry>

const tier = z.strictObject({
  from_segments: z.int().min(0).max(SEGMENTS_MAX),
  price: priceCell,
})
const domesticEntry = plainOr(
  priceCell,
  z.strictObject({
    price: priceCell.optional(),
    tiers: z.array(tier).min(1).max(50).optional(),
    bill_on: billOnCell.optional(),
  }),
)
type DomesticEntry = z.infer<typeof domesticEntry>

/** Either a multiple of the price of a text, or prices of their own. */
const channelPrices = z
  .union(
    [
      z.strictObject({ multiplier: decimalUpTo(FACTOR_MAX) }),
      z.strictObject({ default: entry, countries: z.record(countryCell, entry).default({}) }),
    ],
    { error: 'expected { multiplier } or { default, countries }' },
  )
  .optional()
type ChannelPrices = z.infer<typeof channelPrices>

type OtherChannel = Exclude<Channel, 'sms'>
const OTHER_CHANNELS = CHANNELS.filter((channel): channel is OtherChannel => channel !== 'sms')
const otherChannels = Object.fromEntries(
  OTHER_CHANNELS.map((channel) => [channel, channelPrices]),
) as Record<OtherChannel, typeof channelPrices>

/** One YAML file of rules/prices/: prices of one currency, for everybody or one account, in one stretch of time. */
const pricesSchema = z.strictObject({
  currency: currencyCell,
  account: accountCell.optional(),
  from: dayCell.optional(),
  until: dayCell.optional(),
  bill_on: billOnCell.default('accepted'),
  /** For destinations that are not listed. */
  default: entry.optional(),
  sms: z.record(countryCell, entry).default({}),
  ...otherChannels,
  domestic: z
    .strictObject({
      country: countryCell,
      otp: domesticEntry.optional(),
      notice: domesticEntry.optional(),
      bulk: domesticEntry.optional(),
    } satisfies Record<MessageKind | 'country', z.ZodType>)
    .optional(),
})
type PricesFile = z.infer<typeof pricesSchema>

/** A row with where it stands in its file. */
export type PlacedRow = { readonly row: PriceRow; readonly path: readonly (string | number)[] }

export type YamlPricesCheck =
  | { readonly kind: 'good'; readonly value: readonly PlacedRow[] }
  | { readonly kind: 'bad'; readonly mistakes: readonly Mistake[] }

/** Checks one parsed YAML file and spells it out row by row; what files say together is checked with `checkPriceRows`. */
export function readPriceYaml(value: unknown): YamlPricesCheck {
  const parsed = pricesSchema.safeParse(value)
  if (!parsed.success) return { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
  const file = parsed.data
  const texts = [...abroad(file), ...atHome(file)]
  const calls = OTHER_CHANNELS.flatMap((channel) =>
    otherRows(file, { channel, prices: file[channel], texts }),
  )
  return { kind: 'good', value: [...texts, ...calls] }
}

function abroad(file: PricesFile): readonly PlacedRow[] {
  const base = rowBase(file, 'sms')
  const named = Object.entries(file.sms).map(([country, price]) => ({
    row: { ...base, country, ...priceOf(file, price) },
    path: ['sms', country],
  }))
  if (file.default === undefined) return named
  const row = { ...base, country: ANYWHERE, ...priceOf(file, file.default) }
  return [{ row, path: ['default'] }, ...named]
}

function atHome(file: PricesFile): readonly PlacedRow[] {
  const { domestic } = file
  if (domestic === undefined) return []
  const { country } = domestic
  const base = { ...rowBase(file, 'sms'), market: 'domestic', country } as const
  return MESSAGE_KINDS.flatMap((kind) => {
    const given = domestic[kind]
    if (given === undefined) return []
    return tiersOf(given).map(({ steps, price, tierFrom }) => ({
      row: { ...base, kind, tierFrom, price, billOn: billOnOf(file, given) },
      path: ['domestic', kind, ...steps],
    }))
  })
}

type PlacedTier = {
  readonly steps: readonly (string | number)[]
  readonly tierFrom: number
  readonly price: Micros
}

function tiersOf(given: DomesticEntry): readonly PlacedTier[] {
  if (typeof given === 'number') return [{ steps: [], tierFrom: 0, price: given }]
  const own = given.price === undefined ? [] : [{ steps: [], tierFrom: 0, price: given.price }]
  const tiers = (given.tiers ?? []).map(({ from_segments: tierFrom, price }, index) => ({
    steps: ['tiers', index],
    tierFrom,
    price,
  }))
  return [...own, ...tiers]
}

const billOnOf = (file: PricesFile, given: Entry | DomesticEntry): PriceRow['billOn'] =>
  typeof given === 'number' ? file.bill_on : (given.bill_on ?? file.bill_on)

const priceOf = (file: PricesFile, given: Entry): Pick<PriceRow, 'price' | 'billOn'> => ({
  price: typeof given === 'number' ? given : given.price,
  billOn: billOnOf(file, given),
})

function otherRows(
  file: PricesFile,
  {
    channel,
    prices,
    texts,
  }: { channel: OtherChannel; prices: ChannelPrices; texts: readonly PlacedRow[] },
): readonly PlacedRow[] {
  if (prices === undefined) return []
  if ('multiplier' in prices) {
    return texts
      .filter(({ row }) => row.tierFrom === 0)
      .map(({ row }) => ({
        row: { ...row, channel, price: timesDecimal(row.price, prices.multiplier) },
        path: [channel, 'multiplier'],
      }))
  }
  const base = rowBase(file, channel)
  const own = priceOf(file, prices.default)
  return [
    { row: { ...base, country: ANYWHERE, ...own }, path: [channel, 'default'] },
    ...Object.entries(prices.countries).map(([country, price]) => ({
      row: { ...base, country, ...priceOf(file, price) },
      path: [channel, 'countries', country],
    })),
  ]
}

const rowBase = (file: PricesFile, channel: Channel) =>
  ({
    account: file.account,
    currency: file.currency,
    channel,
    market: 'international',
    kind: undefined,
    from: file.from,
    until: file.until,
    tierFrom: 0,
  }) as const
