import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Package } from '../../../src/billing/packages.ts'
import { reserve } from '../../../src/billing/postings.ts'
import type { BatchOpening, DraftMessage } from '../../../src/channels/batch-store.ts'
import type { Batch } from '../../../src/domain/batch.ts'
import { type AccountId, newId } from '../../../src/domain/ids.ts'
import { micros, times, ZERO } from '../../../src/domain/money.ts'
import type { Phone } from '../../../src/domain/phone.ts'
import type { Rate } from '../../../src/domain/rate.ts'
import {
  ALICE,
  BOB,
  DAY,
  idSource,
  LOGIN,
  opening,
  roomFor,
  sendOf,
  T0,
  topUp,
  UNLIMITED,
  USD,
  verification,
} from './examples.ts'
import type { SqlStoreSet } from './stores.ts'

const BALANCE = 10_000_000
const UNIT = { GB: micros(40_000), FR: micros(50_000) } as const
type Country = keyof typeof UNIT

const rateFor = (country: Country): Omit<Rate, 'segments'> => ({
  market: 'international',
  kind: 'bulk',
  country,
  unitPrice: UNIT[country],
  billOn: 'accepted',
  tiers: undefined,
})

function batchOf(accountId: AccountId, change: Partial<Batch> = {}): Batch {
  return {
    id: newId('BA', idSource(T0)),
    accountId,
    serviceId: LOGIN,
    kind: 'bulk',
    template: 'sale',
    locale: 'en',
    reference: undefined,
    once: undefined,
    currency: USD,
    createdAtMs: T0,
    sendAtMs: T0,
    expiresAtMs: T0 + DAY,
    canceledAtMs: undefined,
    finishedAtMs: undefined,
    ...change,
  }
}

type Drawn = { readonly country: Country; readonly segments: number }

const messageOf = ({ country, segments }: Drawn, index: number): DraftMessage => ({
  id: newId('VL', idSource(T0)),
  phone: `+44740010${1_000 + index}` as Phone,
  country,
  variables: {},
  body: 'Everything for less today.',
  segments,
  reference: undefined,
  withheld: undefined,
})

function openingOf(
  accountId: AccountId,
  drawn: readonly Drawn[],
  change: Partial<BatchOpening> = {},
): BatchOpening {
  const countries = [...new Set(drawn.map(({ country }) => country))].sort()
  return {
    batch: batchOf(accountId),
    messages: drawn.map(messageOf),
    rates: countries.map(rateFor),
    limits: { ...UNLIMITED },
    ...change,
  }
}

const drawnMessage = fc.record<Drawn>({
  country: fc.constantFrom<Country>('GB', 'FR'),
  segments: fc.integer({ min: 1, max: 4 }),
})
const packageOf = (countries: fc.Arbitrary<readonly string[] | undefined>) =>
  fc.record({
    segments: fc.integer({ min: 1, max: 8 }),
    kind: fc.constantFrom('bulk' as const, 'otp' as const, undefined),
    countries,
    daysLeft: fc.integer({ min: 0, max: 3 }),
  })
type DrawnPackage = ReturnType<typeof packageOf> extends fc.Arbitrary<infer One> ? One : never

async function openAccounts(stores: SqlStoreSet, packages: readonly DrawnPackage[]): Promise<void> {
  for (const accountId of [ALICE, BOB]) {
    await stores.ledger.post(topUp(BALANCE, { accountId, key: `topup:${accountId}` }))
    for (const [index, { daysLeft, ...drawn }] of packages.entries()) {
      const granted: Package = {
        ...drawn,
        id: newId('PK', idSource(T0 - DAY + index)),
        accountId,
        market: 'international',
        validFromMs: T0 - DAY,
        expiresAtMs: T0 + daysLeft * DAY,
        grantedAtMs: T0 - DAY,
        reference: `P-${index}`,
        price: ZERO,
        currency: USD,
      }
      expect(await stores.packages.grant(granted)).toBe('granted')
    }
  }
}

/** What is free and held of money and of each package. */
async function standing({ ledger, packages }: SqlStoreSet, accountId: AccountId) {
  const { available, held } = await ledger.balance(accountId)
  const kept = await packages.list(accountId, { limit: 100, before: undefined })
  const segments = kept.map((one) => [one.package.reference, one.left, one.reserved])
  return { available, held, segments: segments.toSorted() }
}

/** One suite for every database that batches are kept in; `runs` of each property. */
export function batchSuite(name: string, open: () => Promise<SqlStoreSet>, runs: number): void {
  describe(`batches in ${name}`, () => {
    let stores: SqlStoreSet
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())

    /** Each run in a database of its own. */
    const inFresh = async (check: (fresh: SqlStoreSet) => Promise<void>): Promise<void> => {
      const fresh = await open()
      try {
        await check(fresh)
      } finally {
        await fresh.close()
      }
    }

    test('a batch takes of packages and balance what its messages take one after another', async () => {
      const anyCountries = fc.constantFrom(['GB'], ['FR'], ['FR', 'GB'], undefined)
      await fc.assert(
        fc.asyncProperty(
          fc.array(packageOf(anyCountries), { maxLength: 4 }),
          fc.array(drawnMessage, { minLength: 1, maxLength: 10 }),
          (packages, drawn) =>
            inFresh(async (fresh) => {
              await openAccounts(fresh, packages)
              const opened = await fresh.batches.open(openingOf(ALICE, drawn))
              expect(opened.kind).toBe('opened')
              for (const { country, segments } of drawn.toSorted(byCountry)) {
                const rate = { ...rateFor(country), segments }
                const price = times(rate.unitPrice, segments)
                const charge = {
                  id: newId('VL', idSource(T0)),
                  accountId: BOB,
                  verificationId: undefined,
                  price,
                  currency: USD,
                  status: 'queued' as const,
                  channel: 'sms' as const,
                  rate,
                }
                const reservation = reserve(charge, T0)
                if (reservation !== undefined) await fresh.ledger.post(reservation)
              }
              expect(await standing(fresh, ALICE)).toEqual(await standing(fresh, BOB))
              const sums = await fresh.ledger.trialBalance()
              expect([...sums.values()].every((sum) => sum === 0)).toBe(true)
            }),
        ),
        { numRuns: runs },
      )
    })

    test('splitting a batch does not change its price, nor who pays it', async () => {
      const oneCountry = fc.constantFrom(['GB'], ['FR'])
      await fc.assert(
        fc.asyncProperty(
          fc.array(packageOf(oneCountry), { maxLength: 3 }),
          fc.array(fc.tuple(drawnMessage, fc.boolean()), { minLength: 1, maxLength: 12 }),
          (packages, cuts) =>
            inFresh(async (fresh) => {
              await openAccounts(fresh, packages)
              await fresh.batches.open(
                openingOf(
                  ALICE,
                  cuts.map(([drawn]) => drawn),
                ),
              )
              for (const part of partsAt(cuts)) await fresh.batches.open(openingOf(BOB, part))
              expect(await standing(fresh, ALICE)).toEqual(await standing(fresh, BOB))
              const page = { limit: 100, before: undefined }
              const prices = await Promise.all(
                [ALICE, BOB].map(async (accountId) => {
                  const found = await fresh.batches.list(accountId, page)
                  return found.reduce((sum, { totals }) => sum + totals.price, 0)
                }),
              )
              expect(prices[0]).toBe(prices[1])
            }),
        ),
        { numRuns: runs },
      )
    })

    test('what the balance does not cover leaves nothing behind, whatever comes of it before', async () => {
      await openAccounts(stores, [{ segments: 2, kind: 'bulk', countries: undefined, daysLeft: 2 }])
      const before = await standing(stores, ALICE)
      const drawn = Array.from({ length: 300 }, (): Drawn => ({ country: 'GB', segments: 1 }))
      const given = openingOf(ALICE, drawn)
      expect(await stores.batches.open(given)).toEqual({ kind: 'short' })
      expect(await standing(stores, ALICE)).toEqual(before)
      const { id, accountId } = given.batch
      expect(await stores.batches.find({ accountId, id })).toBeUndefined()
      const every = { limit: 1_000, after: undefined, status: undefined }
      expect(await stores.batches.messages(id, every)).toEqual([])
      const span = { nowMs: T0, leaseUntilMs: T0 + 1_000 }
      expect(await stores.outbox.lease(span, roomFor(64))).toEqual([])
    })

    test('the outbox hands out the text as it was priced', async () => {
      await openAccounts(stores, [])
      const given = openingOf(ALICE, [{ country: 'FR', segments: 2 }])
      await stores.batches.open(given)
      const [message] = given.messages
      const span = { nowMs: T0, leaseUntilMs: T0 + 1_000 }
      const [job] = await stores.outbox.lease(span, roomFor(64))
      expect(job).toMatchObject({
        send: {
          id: message?.id,
          batchId: given.batch.id,
          verificationId: undefined,
          phone: message?.phone,
          price: 100_000,
          rate: { kind: 'bulk', segments: 2 },
        },
        subject: {
          kind: 'text',
          text: { template: 'sale', locale: 'en', body: message?.body, isCanceled: false },
        },
      })
      expect(job && (await stores.outbox.subjectOf(job.send))).toEqual(job?.subject)
      expect(job && (await stores.outbox.find(job.send.id))?.phone).toBe(message?.phone)
    })

    test('of many batches to one number at once its cap lets one message through', async () => {
      await openAccounts(stores, [])
      const limits = { ...UNLIMITED, phoneDay: 1 }
      const drawn: Drawn[] = [{ country: 'GB', segments: 1 }]
      const opened = await Promise.all(
        Array.from({ length: 20 }, () => stores.batches.open(openingOf(ALICE, drawn, { limits }))),
      )
      const taken = opened.filter((one) => one.kind === 'opened' && one.batch.totals.price > 0)
      expect(opened.every(({ kind }) => kind === 'opened')).toBe(true)
      expect(taken).toHaveLength(1)
    })

    test('a batch is canceled by one caller, and what waits is due at once', async () => {
      await openAccounts(stores, [])
      const batch = batchOf(ALICE, { sendAtMs: T0 + DAY, expiresAtMs: T0 + 2 * DAY })
      await stores.batches.open(openingOf(ALICE, [{ country: 'GB', segments: 1 }], { batch }))
      const key = { accountId: ALICE, id: batch.id }
      const span = { nowMs: T0 + 1, leaseUntilMs: T0 + 1_000 }
      expect(await stores.outbox.lease(span, roomFor(64))).toEqual([])
      expect(await stores.batches.cancel({ ...key, accountId: BOB }, T0 + 1)).toBe(false)
      const canceled = await Promise.all(
        Array.from({ length: 20 }, () => stores.batches.cancel(key, T0 + 1)),
      )
      expect(canceled.filter(Boolean)).toHaveLength(1)
      const [job] = await stores.outbox.lease(span, roomFor(64))
      expect(job?.subject).toMatchObject({ kind: 'text', text: { isCanceled: true } })
    })

    test('a thousand texts as long as texts may be are taken in one write', async () => {
      await openAccounts(stores, [
        { segments: 1_000_000, kind: undefined, countries: undefined, daysLeft: 1 },
      ])
      const drawn = Array.from({ length: 1_000 }, (): Drawn => ({ country: 'GB', segments: 10 }))
      const plain = openingOf(ALICE, drawn)
      const body = '文'.repeat(670)
      const messages = plain.messages.map((message) => ({ ...message, body }))
      const opened = await stores.batches.open({ ...plain, messages })
      expect(opened).toMatchObject({
        kind: 'opened',
        batch: { totals: { messages: 1_000, statuses: { queued: 1_000 }, heldSegments: 10_000 } },
      })
      const page = { limit: 3, after: messages[996]?.id, status: undefined }
      const last = await stores.batches.messages(plain.batch.id, page)
      expect(last.map(({ id }) => id)).toEqual(messages.slice(997).map(({ id }) => id))
    })

    test("codes and messages of batches do not count in each other's caps", async () => {
      await openAccounts(stores, [])
      const of = verification({ phone: '+447400101000' as Phone })
      await stores.batches.open(openingOf(ALICE, [{ country: 'GB', segments: 1 }]))
      const limits = { ...UNLIMITED, phoneMinute: 1 }
      const opened = await stores.verifications.open(
        opening({ verification: of, send: sendOf(of), limits }),
      )
      expect(opened.kind).toBe('opened')
    })
  })
}

const byCountry = (left: Drawn, right: Drawn): number => left.country.localeCompare(right.country)

/** Cut before each message that says so. */
function partsAt(cuts: readonly (readonly [Drawn, boolean])[]): readonly Drawn[][] {
  const parts: Drawn[][] = [[]]
  for (const [drawn, isCut] of cuts) {
    if (isCut && parts.at(-1)?.length !== 0) parts.push([])
    parts.at(-1)?.push(drawn)
  }
  return parts
}
