import type { Micros } from '../domain/money.ts'
import {
  CHANGES,
  deliveredShare,
  type LineTotal,
  marginOf,
  type Statement,
  type StatementLine,
  totalOf,
} from './statement.ts'
import type { Booking } from './statement-store.ts'

/** `withCosts`: what providers charge and what is left of the price, for those who may know. */
export type WireOptions = { readonly withCosts: boolean }

/** A statement in the words of the API, which the command line writes too. */
export function statementWire(statement: Statement, options: WireOptions) {
  const { balances, changes, currency, lines, refused, segments } = statement
  return {
    account: statement.accountId,
    name: statement.accountName,
    month: statement.month,
    currency,
    complete: statement.isComplete,
    opening: balanceWire(balances.opening),
    changes: Object.fromEntries(CHANGES.map((name) => [`${name}_micros`, changes[name]])) as {
      readonly [Name in (typeof CHANGES)[number] as `${Name}_micros`]: Micros
    },
    closing: balanceWire(balances.closing),
    difference_micros: statement.difference,
    total: totalWire(totalOf(lines, currency), options),
    lines: lines.map((line) => lineWire(line, statement, options)),
    refused: {
      blocked: refused.reduce((sum, { blocked }) => sum + blocked, 0),
      challenged: refused.reduce((sum, { challenged }) => sum + challenged, 0),
      saved_micros: refused.reduce((sum, { saved }) => sum + saved, 0),
      lines: refused.map(({ saved, ...line }) => ({ ...line, saved_micros: saved })),
    },
    packages: {
      granted_segments: segments.granted,
      used_segments: segments.used,
      lapsed_segments: segments.lapsed,
      used: statement.packages.map(({ segments: used, ...one }) => ({ ...one, segments: used })),
    },
    bookings: statement.bookings.map(bookingWire),
  }
}

const balanceWire = ({ available, held }: { available: Micros; held: Micros }) => ({
  available_micros: available,
  held_micros: held,
})

function lineWire(line: StatementLine, { currency }: Statement, options: WireOptions) {
  const { day, country, kind, channel, provider } = line
  return {
    day,
    country,
    kind,
    channel,
    ...(provider === undefined ? {} : { provider }),
    ...totalWire(totalOf([line], currency), options),
  }
}

function totalWire(total: LineTotal, { withCosts }: WireOptions) {
  const share = deliveredShare(total)
  return {
    sends: total.sends,
    unbilled: total.unbilled,
    delivered: total.delivered,
    ...(share === undefined ? {} : { delivered_share: Math.round(share * 10_000) / 10_000 }),
    segments: total.segments,
    package_segments: total.packageSegments,
    price_micros: total.price,
    ...(withCosts ? costsWire(total) : {}),
  }
}

function costsWire(total: LineTotal) {
  const margin = marginOf(total)
  const others = [...total.foreignCosts].map(([currency, cost]) => ({
    currency,
    cost_micros: cost,
  }))
  return {
    cost_micros: total.cost,
    ...(others.length === 0 ? {} : { other_costs: others }),
    ...(margin === undefined ? {} : { margin_micros: margin }),
  }
}

function bookingWire({ atMs, posting, amount, note, sendId }: Booking) {
  const [kind = ''] = posting.split(':')
  return {
    at: new Date(atMs).toISOString(),
    posting: kind,
    reference: posting.split(':').slice(2).join(':') || posting,
    amount_micros: amount,
    ...(note === undefined ? {} : { note }),
    ...(sendId === undefined ? {} : { send: sendId }),
  }
}
