import type { BatchOpened, BatchOpening, DraftMessage } from '../channels/batch-store.ts'
import { assert } from '../domain/assert.ts'
import type { Batch, BatchKind, FoundBatch, MessageRefusal } from '../domain/batch.ts'
import { newId } from '../domain/ids.ts'
import { fieldProblem } from '../domain/problems.ts'
import type { Rate } from '../domain/rate.ts'
import type { Short, Stopped } from '../domain/refusal.ts'
import { isCountryAllowed } from '../risk/decide.ts'
import { type ListMatcher, matchLists } from '../risk/list-matcher.ts'
import type { PhoneFacts } from '../risk/signals.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { refuseChannel } from './assess.ts'
import { type GivenMessage, readMessages, templateOf } from './batch-texts.ts'
import type { House } from './house.ts'
import { raiseStop } from './raise-events.ts'
import { rateSend } from './rate-send.ts'
import { referenceTaken } from './reference-taken.ts'
import { testNumberOf } from './test-number.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** So far ahead a batch may be put off, and so long its messages may take from then on. */
const AHEAD_MAX_MS = 30 * DAY_MS
const LIFE_MAX_MS = 3 * DAY_MS
const LIFE_MS = DAY_MS

/** The door has checked shapes; numbers are still text. */
export type BatchCommand = {
  readonly service: Service
  readonly kind: BatchKind
  readonly template: string
  /** Undefined: the service's. */
  readonly locale: string | undefined
  readonly reference: string | undefined
  /** As in `Batch`. */
  readonly once: string | undefined
  /** Undefined: at once. */
  readonly sendAtMs: number | undefined
  /** Undefined: a day after it begins. */
  readonly expiresAtMs: number | undefined
  readonly messages: readonly GivenMessage[]
}

export type BatchHouse = Pick<
  House,
  | 'platform'
  | 'policy'
  | 'tenancy'
  | 'phoneData'
  | 'lists'
  | 'months'
  | 'budgets'
  | 'batches'
  | 'events'
  | 'wakeDue'
>

export type BatchStarted =
  | { readonly kind: 'started'; readonly batch: FoundBatch }
  | Stopped
  | Short

/**
 * Checks every message, prices what may go, and takes all of it in one write or nothing. Throws `invalid_request` with every field that
 * is wrong, `unsupported_channel`, and `conflict` for a reference that the account used before, unless this very request did.
 */
export async function startBatch(house: BatchHouse, command: BatchCommand): Promise<BatchStarted> {
  const { service } = command
  refuseChannel({ service, channel: 'sms' })
  const batch = await draftBatch(house, command)
  const texts = { service, template: templateOf(service, command.template), locale: batch.locale }
  const read = readMessages(house, texts, command.messages)
  const withheld = await withholding(house, service, batch.createdAtMs)
  // In order, so that they list as they came in.
  const ids = read.map(() => newId('VL', house.platform)).sort()
  const messages = read.map(({ facts, ...message }, index): DraftMessage => {
    const { phone, country } = facts
    const id = ids[index]
    assert(id !== undefined, 'each message has its id')
    return { ...message, id, phone, country, withheld: withheld(facts) }
  })
  const rates = await ratesOf(house, batch, messages)
  const opened = await house.batches.open({
    batch,
    messages,
    rates,
    limits: await limitsOf(house, service, batch),
  })
  return told(house, batch, opened)
}

async function draftBatch(house: BatchHouse, command: BatchCommand): Promise<Batch> {
  const { service, kind, template, locale = service.locale, reference, once } = command
  const account = await house.tenancy.account(service.accountId)
  if (account === undefined) throw fieldProblem('/service', 'its account is gone')
  const createdAtMs = house.platform.nowMs()
  const sendAtMs = Math.max(createdAtMs, command.sendAtMs ?? createdAtMs)
  const { expiresAtMs = sendAtMs + LIFE_MS } = command
  if (sendAtMs > createdAtMs + AHEAD_MAX_MS)
    throw fieldProblem('/send_at', 'must be within 30 days')
  if (expiresAtMs <= sendAtMs) throw fieldProblem('/expires_at', 'must lie after now and send_at')
  if (expiresAtMs > sendAtMs + LIFE_MAX_MS)
    throw fieldProblem('/expires_at', 'must be within 3 days of now or send_at')
  return {
    id: newId('BA', house.platform),
    accountId: service.accountId,
    serviceId: service.id,
    kind,
    template,
    locale,
    reference,
    once,
    currency: account.currency,
    createdAtMs,
    sendAtMs,
    expiresAtMs,
    canceledAtMs: undefined,
    finishedAtMs: undefined,
  }
}

/** What keeps a number from being written to, whoever asks: nobody scores these requests, so lists and permissions always hold. */
async function withholding(house: BatchHouse, service: Service, atMs: number) {
  const own = await house.lists.matcherFor(service.accountId, atMs)
  const matchers: readonly ListMatcher[] = [house.policy().operatorLists, own]
  return ({ phone, country }: PhoneFacts): MessageRefusal | 'test' | undefined => {
    if (testNumberOf(service, phone) !== undefined) return 'test'
    if (!isCountryAllowed(service, country)) return 'country_not_allowed'
    const nobody = { ip: undefined, asn: undefined, deviceId: undefined }
    const { blocked } = matchLists(matchers, { atMs, phone, country, ...nobody })
    return blocked === undefined ? undefined : 'on_block_list'
  }
}

/** The price of one segment for each country that something may go to. */
async function ratesOf(
  house: BatchHouse,
  { accountId, kind, createdAtMs: atMs }: Batch,
  messages: readonly DraftMessage[],
): Promise<readonly Omit<Rate, 'segments'>[]> {
  const sent = messages.filter(({ withheld }) => withheld === undefined)
  const countries = [...new Set(sent.map(({ country }) => country))].sort()
  const asked = { accountId, channel: 'sms', kind, segments: 1, atMs } as const
  return Promise.all(
    countries.map(async (country) => {
      const { segments: _one, ...rate } = (await rateSend(house, { ...asked, country })).rate
      return rate
    }),
  )
}

async function limitsOf(
  { budgets }: BatchHouse,
  service: Service,
  { accountId, kind, createdAtMs }: Batch,
): Promise<BatchOpening['limits']> {
  return {
    phoneDay: kind === 'notice' ? service.phoneNoticesPerDay : service.phoneBulkPerDay,
    serviceHour: service.hourlyBudget,
    serviceDay: service.dailyBudget,
    budgets: await budgets.inForce(accountId, createdAtMs),
  }
}

async function told(house: BatchHouse, batch: Batch, opened: BatchOpened): Promise<BatchStarted> {
  if (opened.kind === 'reference_taken') throw referenceTaken()
  if (opened.kind === 'stopped') await raiseStop(house, batch, opened)
  if (opened.kind !== 'opened') return opened
  house.wakeDue()
  return { kind: 'started', batch: opened.batch }
}
