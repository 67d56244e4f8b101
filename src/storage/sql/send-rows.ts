import type { SendOutcome } from '../../channels/outbox-store.ts'
import { assert } from '../../domain/assert.ts'
import type { Channel } from '../../domain/channel.ts'
import type { AccountId, BatchId, SendId, ServiceId, VerificationId } from '../../domain/ids.ts'
import type { MessageKind } from '../../domain/message-kind.ts'
import type { Currency, Micros } from '../../domain/money.ts'
import type { Phone } from '../../domain/phone.ts'
import type { BillOn, Market, Rate, Tier } from '../../domain/rate.ts'
import type { BatchSend, CodeSend, Cost, Send, SendStatus } from '../../domain/send.ts'
import type { SendError, SendErrorKind } from '../../domain/send-error.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row, Statement } from '../database.ts'
import { messagePhoneOf } from './message-rows.ts'
import { phoneHashOf } from './privacy.ts'
import { insertInto } from './statements.ts'
import { phoneOf } from './verification-rows.ts'

const insertSend = insertInto('sends', [
  'id',
  'verification_id',
  'account_id',
  'service_id',
  'phone_hash',
  'channel',
  'generation',
  'status',
  'price_micros',
  'currency',
  'market',
  'kind',
  'country',
  'rated_segments',
  'unit_micros',
  'bill_on',
  'tiers',
  'created_at_ms',
  'expires_at_ms',
  'due_at_ms',
  'tries',
])

/** A send waits for its dispatcher from the moment it was made. */
export const insertSendOf = (vault: Vault, send: CodeSend): Statement =>
  insertSend({
    id: send.id,
    verification_id: send.verificationId,
    account_id: send.accountId,
    service_id: send.serviceId,
    phone_hash: phoneHashOf(vault, send.phone),
    channel: send.channel,
    generation: send.generation,
    status: send.status,
    price_micros: send.price,
    currency: send.currency,
    ...toRateColumns(send.rate),
    created_at_ms: send.createdAtMs,
    expires_at_ms: send.expiresAtMs,
    due_at_ms: send.status === 'queued' ? send.createdAtMs : null,
    tries: 0,
  })

export const toRateColumns = (rate: Rate): Row => ({
  market: rate.market,
  kind: rate.kind,
  country: rate.country,
  rated_segments: rate.segments,
  unit_micros: rate.unitPrice,
  bill_on: rate.billOn,
  tiers: rate.tiers === undefined ? null : tiersText(rate.tiers),
})

const toRate = (row: Row): Rate => ({
  market: row.market as Market,
  kind: row.kind as MessageKind,
  country: row.country as string,
  segments: row.rated_segments as number,
  unitPrice: row.unit_micros as Micros,
  billOn: row.bill_on as BillOn,
  tiers: row.tiers === null ? undefined : tiersOf(row.tiers as string),
})

/** The same table of tiers is the same text, so that what was rated by it counts in one row. */
export const tiersText = (tiers: readonly Tier[]): string =>
  JSON.stringify(tiers.map(({ fromSegments, price }) => [fromSegments, price]))

export const tiersOf = (text: string): readonly Tier[] =>
  (JSON.parse(text) as readonly (readonly [number, Micros])[]).map(([fromSegments, price]) => ({
    fromSegments,
    price,
  }))

export function toSend(row: Row, phone: Phone): Send {
  return {
    id: row.id as SendId,
    ...toSubject(row),
    accountId: row.account_id as AccountId,
    serviceId: row.service_id as ServiceId,
    phone,
    channel: row.channel as Channel,
    generation: row.generation as number,
    status: row.status as SendStatus,
    price: row.price_micros as Micros,
    currency: row.currency as Currency,
    rate: toRate(row),
    createdAtMs: row.created_at_ms as number,
    expiresAtMs: row.expires_at_ms as number,
  }
}

type Subject =
  | Pick<CodeSend, 'verificationId' | 'batchId'>
  | Pick<BatchSend, 'verificationId' | 'batchId'>

const toSubject = ({ verification_id, batch_id }: Row): Subject =>
  batch_id === null
    ? { verificationId: verification_id as VerificationId }
    : { verificationId: undefined, batchId: batch_id as BatchId }

/** `FROM` of every query whose rows `toSendWithPhone` reads; the number is kept once, with what the message is about. */
export const WITH_PHONE = `LEFT JOIN verifications v ON v.account_id = s.account_id AND v.id = s.verification_id
LEFT JOIN batch_messages m ON m.batch_id = s.batch_id AND m.id = s.id`
export const SENDS_WITH_PHONE = `SELECT s.*, coalesce(v.private_sealed, m.private_sealed) AS private_sealed
FROM sends s ${WITH_PHONE}`

export function toSendWithPhone(vault: Vault, row: Row): Send {
  const sealed = row.private_sealed as string
  const phone =
    row.batch_id === null
      ? phoneOf(vault, row.verification_id as string, sealed)
      : messagePhoneOf(vault, row.id as string, sealed)
  return toSend(row, phone)
}

export function toCodeSend(vault: Vault, row: Row): CodeSend {
  const send = toSendWithPhone(vault, row)
  assert(send.verificationId !== undefined, 'it is a code')
  return send
}

export function toOutcome(row: Row): SendOutcome {
  return {
    providerId: (row.provider_id as string | null) ?? undefined,
    providerMessageId: (row.provider_message_id as string | null) ?? undefined,
    segments: (row.segments as number | null) ?? undefined,
    cost: toCost(row),
    error: toError(row),
    askedAtMs: (row.asked_at_ms as number | null) ?? undefined,
  }
}

function toCost({ cost_micros, cost_currency }: Row): Cost | undefined {
  if (typeof cost_micros !== 'number') return undefined
  return { micros: cost_micros as Micros, currency: cost_currency as Currency }
}

export function toError({ error_kind, error_code, error_text }: Row): SendError | undefined {
  if (typeof error_kind !== 'string') return undefined
  const text = (error_text as string | null) ?? undefined
  return { kind: error_kind as SendErrorKind, code: error_code as string, text }
}
