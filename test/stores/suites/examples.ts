import type { BudgetStore } from '../../../src/billing/budget-store.ts'
import type { HoldStore } from '../../../src/billing/hold-store.ts'
import type { LedgerStore } from '../../../src/billing/ledger-store.ts'
import type { MonthStore } from '../../../src/billing/month-store.ts'
import type { PackageStore } from '../../../src/billing/package-store.ts'
import type { DeadLetterStore } from '../../../src/channels/dead-letter-store.ts'
import type {
  Closing,
  Dispatched,
  OutboxStore,
  Receipt,
} from '../../../src/channels/outbox-store.ts'
import type { Places } from '../../../src/channels/places.ts'
import type {
  HardLimits,
  Opening,
  VerificationStore,
} from '../../../src/codes/verification-store.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import {
  type AccountId,
  type DecisionId,
  newId,
  type SendId,
  type ServiceId,
} from '../../../src/domain/ids.ts'
import { currency, type Micros, micros, negate } from '../../../src/domain/money.ts'
import type { Phone } from '../../../src/domain/phone.ts'
import type { Posting } from '../../../src/domain/posting.ts'
import type { Rate } from '../../../src/domain/rate.ts'
import type { CodeSend, Send } from '../../../src/domain/send.ts'
import type { Verification } from '../../../src/domain/verification.ts'

/** The stores of one storage, which share their books. */
export type StoreSet = {
  readonly verifications: VerificationStore
  readonly outbox: OutboxStore
  readonly deadLetters: DeadLetterStore
  readonly ledger: LedgerStore
  readonly packages: PackageStore
  readonly months: MonthStore
  readonly holds: HoldStore
  readonly budgets: BudgetStore
  readonly close: () => Promise<void>
}
export type OpenStores = () => Promise<StoreSet>

export const USD = currency('USD')
export const T0 = Date.UTC(2026, 0, 15, 10, 20, 30)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const ALICE = `AC${'a'.repeat(32)}` as AccountId
export const BOB = `AC${'b'.repeat(32)}` as AccountId
export const LOGIN = `VA${'1'.repeat(32)}` as ServiceId
export const PHONE = '+447700900123' as Phone
export const IP = '203.0.113.77'

let dice = 0
const randomBytes = (length: number): Uint8Array => {
  dice += 1
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, dice)
  return bytes
}
export const idSource = (atMs: number) => ({ nowMs: () => atMs, randomBytes })

export const UNLIMITED: HardLimits = {
  phoneMinute: 1_000_000,
  phoneHour: 1_000_000,
  phoneDay: 1_000_000,
  phoneDayAllAccounts: 1_000_000,
  serviceHour: undefined,
  serviceDay: undefined,
  budgets: false,
}

export function decision(change: Partial<Decision> = {}): Decision {
  return {
    id: newId('DE', idSource(T0)) as DecisionId,
    outcome: 'allow',
    policyOutcome: change.outcome ?? 'allow',
    score: 0.02,
    reasons: [],
    hits: [],
    features: { catalogue: 'test', known: { 'phone.country': 'GB' }, unknown: ['ip.*'] },
    rulesVersion: 'rules-1',
    modelVersion: 'forest-1',
    challengePassed: false,
    stop: undefined,
    ...change,
  }
}

export function verification(change: Partial<Verification> = {}): Verification {
  const createdAtMs = change.createdAtMs ?? T0
  return {
    id: newId('VE', idSource(createdAtMs)),
    accountId: ALICE,
    serviceId: LOGIN,
    phone: PHONE,
    channel: 'sms',
    purpose: 'login',
    locale: undefined,
    amount: undefined,
    payee: undefined,
    metadata: undefined,
    ip: IP,
    state: 'open',
    codeLength: 6,
    keyId: '0a0b0c0d',
    attempts: 0,
    attemptsMax: 5,
    sends: 1,
    sendsMax: 5,
    createdAtMs,
    expiresAtMs: createdAtMs + 10 * MINUTE,
    closedAtMs: undefined,
    matured: false,
    decision: decision(),
    subjects: { account: ALICE, country: 'GB' },
    price: micros(40_000),
    currency: USD,
    traffic: { country: 'GB', range: '+447700900', asn: 64500 },
    ...change,
  }
}

export const rateOf = (of: Verification, change: Partial<Rate> = {}): Rate => ({
  market: 'international',
  kind: 'otp',
  country: of.traffic.country,
  segments: 1,
  unitPrice: of.price,
  billOn: 'accepted',
  tiers: undefined,
  ...change,
})

export function sendOf(of: Verification, change: Partial<CodeSend> = {}): CodeSend {
  const createdAtMs = change.createdAtMs ?? of.createdAtMs
  return {
    id: newId('VL', idSource(createdAtMs)),
    verificationId: of.id,
    accountId: of.accountId,
    serviceId: of.serviceId,
    phone: of.phone,
    channel: of.channel,
    generation: of.sends,
    status: 'queued',
    price: of.price,
    currency: of.currency,
    rate: rateOf(of),
    createdAtMs,
    expiresAtMs: of.expiresAtMs,
    ...change,
  }
}

/** A free send unless a reservation is asked for. */
export function opening(change: Partial<Opening> = {}): Opening {
  const of = change.verification ?? verification()
  return {
    verification: of,
    send: sendOf(of),
    reservation: undefined,
    limits: UNLIMITED,
    challengeNonce: undefined,
    ...change,
  }
}

export function openingFor(change: Partial<Verification>, rest: Partial<Opening> = {}): Opening {
  return opening({ verification: verification(change), ...rest })
}

type Move = {
  readonly from: 'cash' | 'prepaid' | 'held'
  readonly to: 'prepaid' | 'held' | 'revenue'
}

export function posting(
  key: string,
  amount: Micros,
  { from, to }: Move,
  change: Partial<Posting> = {},
): Posting {
  const accountId = change.accountId ?? ALICE
  return {
    key,
    accountId,
    currency: USD,
    atMs: T0,
    verificationId: undefined,
    sendId: undefined,
    entries: [
      { account: `${from}:${accountId}`, amount: negate(amount) },
      { account: `${to}:${accountId}`, amount },
    ],
    ...change,
  }
}

export const topUp = (amount: number, change: Partial<Posting> = {}): Posting =>
  posting(`topup:${amount}`, micros(amount), { from: 'cash', to: 'prepaid' }, change)

const ofSend = (send: Send): Partial<Posting> => ({
  accountId: send.accountId,
  verificationId: send.verificationId,
  sendId: send.id,
})

export const reserve = (send: Send): Posting =>
  posting(`reserve:${send.id}`, send.price, { from: 'prepaid', to: 'held' }, ofSend(send))
export const settle = (send: Send): Posting =>
  posting(`close:${send.id}`, send.price, { from: 'held', to: 'revenue' }, ofSend(send))
export const release = (send: Send): Posting =>
  posting(`close:${send.id}`, send.price, { from: 'held', to: 'prepaid' }, ofSend(send))

/** Pays for what was delivered and gives back what was given up. */
export const closeOnDelivery: Closing = (send, status) => {
  if (status === 'sent') return undefined
  return status === 'delivered' ? settle(send) : release(send)
}

export const aReceipt = (change: Partial<Receipt> = {}): Receipt => ({
  providerId: 'cheap',
  providerMessageId: undefined,
  reference: undefined,
  status: 'delivered',
  error: undefined,
  segments: undefined,
  cost: undefined,
  ...change,
})

export const accepted = (sendId: SendId, change: Partial<Dispatched> = {}): Dispatched => ({
  sendId,
  tries: 0,
  status: 'sent',
  providerId: 'cheap',
  providerMessageId: `m-${sendId}`,
  segments: 1,
  cost: undefined,
  expectedCostMicros: 20_000,
  expectedCostCurrency: undefined,
  error: undefined,
  posting: undefined,
  queryAtMs: undefined,
  atMs: T0 + 1000,
  ...change,
})

/** For a lease of anything. */
export const roomFor = (all: number): Places => ({
  all,
  most: { notice: all, bulk: all },
  kept: { notice: 0, bulk: 0 },
})

export const keyOf = ({ accountId, id }: Verification) => ({ accountId, id })

/** Opens as a login flow does: with its money set aside. */
export async function openPaid(stores: StoreSet, change: Partial<Verification> = {}) {
  const of = verification(change)
  const send = sendOf(of)
  const answer = await stores.verifications.open(
    opening({ verification: of, send, reservation: reserve(send) }),
  )
  return { of, send, answer }
}
