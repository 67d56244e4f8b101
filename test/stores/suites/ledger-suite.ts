import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { currency, type Micros, micros } from '../../../src/domain/money.ts'
import type { LedgerAccount, Posting } from '../../../src/domain/posting.ts'
import { ALICE, BOB, type OpenStores, posting, type StoreSet, T0, topUp, USD } from './examples.ts'

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

/** Any two of an account's four places, any key of a few, any small amount. */
const anyPosting: fc.Arbitrary<Posting> = fc
  .record({
    key: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
    accountId: fc.constantFrom(ALICE, BOB),
    places: fc.shuffledSubarray(['prepaid', 'held', 'revenue', 'cash'] as const, {
      minLength: 2,
      maxLength: 3,
    }),
    amounts: fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -900, max: 900 })),
    atMs: fc.integer({ min: T0, max: T0 + 1000 }),
  })
  .map(({ key, accountId, places, amounts, atMs }) => {
    const parts = amounts.slice(0, places.length - 1)
    const last = -parts.reduce((sum, part) => sum + part, 0)
    const entries = [...parts, last].map((amount, index) => ({
      account: `${places[index]}:${accountId}` as LedgerAccount,
      amount: micros(amount),
    }))
    return {
      key,
      accountId,
      currency: USD,
      atMs,
      verificationId: undefined,
      sendId: undefined,
      entries,
    }
  })

/** What every LedgerStore does. */
export function ledgerStoreSuite(name: string, open: OpenStores): void {
  describe(`ledger in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())

    test('a key is posted once, even with other entries', async () => {
      await stores.ledger.post(topUp(1000))
      const close = (to: 'revenue' | 'prepaid') =>
        stores.ledger.post(posting('close:1', micros(10), { from: 'held', to }))
      expect(await stores.ledger.post(topUp(1000))).toBe('duplicate')
      await stores.ledger.post(posting('reserve:1', micros(10), { from: 'prepaid', to: 'held' }))
      expect(await close('revenue')).toBe('posted')
      expect(await close('prepaid')).toBe('duplicate')
      expect(await stores.ledger.balance(ALICE)).toEqual({
        currency: USD,
        available: 990,
        held: 0,
        spent: 10,
      })
    })

    test('the same key means another posting in another account', async () => {
      expect(await stores.ledger.post(topUp(5))).toBe('posted')
      expect(await stores.ledger.post(topUp(5, { accountId: BOB }))).toBe('posted')
      expect((await stores.ledger.balance(BOB)).available).toBe(5)
    })

    test('nobody spends what is not there, not even at the same moment', async () => {
      await stores.ledger.post(topUp(10))
      const answers = await Promise.all(
        range(20).map((index) =>
          stores.ledger.post(posting(`r:${index}`, micros(3), { from: 'prepaid', to: 'held' })),
        ),
      )
      expect(answers.filter((answer) => answer === 'posted')).toHaveLength(3)
      expect(answers.filter((answer) => answer === 'short')).toHaveLength(17)
      expect(await stores.ledger.balance(ALICE)).toMatchObject({ available: 1, held: 9 })
    })

    test('money in one currency does not pay in another', async () => {
      await stores.ledger.post(topUp(10))
      const euros = posting(
        'r:1',
        micros(3),
        { from: 'prepaid', to: 'held' },
        {
          currency: currency('EUR'),
        },
      )
      expect(await stores.ledger.post(euros)).toBe('short')
    })

    test('an account without postings has nothing, in no currency', async () => {
      expect(await stores.ledger.balance(ALICE)).toEqual({
        currency: 'XXX',
        available: 0,
        held: 0,
        spent: 0,
      })
    })

    test('entries are newest first, go on where they stopped and stay inside the account', async () => {
      for (const index of range(4)) {
        await stores.ledger.post(topUp(index + 1, { atMs: T0 + index }))
      }
      await stores.ledger.post(topUp(1, { accountId: BOB }))
      const first = await stores.ledger.entries(ALICE, { limit: 5, before: undefined })
      const before = first.at(-1)!.id
      const second = await stores.ledger.entries(ALICE, { limit: 5, before })
      const all = [...first, ...second]
      expect(all.map(({ postingKey }) => postingKey)).toEqual(
        [4, 4, 3, 3, 2, 2, 1, 1].map((amount) => `topup:${amount}`),
      )
      expect(new Set(all.map(({ id }) => id)).size).toBe(8)
      expect(new Set(all.map(({ postingId }) => postingId)).size).toBe(4)
      expect(all[0]?.id).toMatch(/^LE[0-9a-f]{32}$/)
      expect(all[0]?.postingId).toMatch(/^LP[0-9a-f]{32}$/)
    })

    test('whatever is posted, the books sum to zero and balances are the sum of their entries', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyPosting, { maxLength: 12 }), async (postings) => {
          for (const one of postings) await stores.ledger.post(one)
          for (const total of (await stores.ledger.trialBalance()).values()) expect(total).toBe(0)
          for (const accountId of [ALICE, BOB]) {
            const balance = await stores.ledger.balance(accountId)
            const entries = await stores.ledger.entries(accountId, {
              limit: 1000,
              before: undefined,
            })
            const sumOf = (account: LedgerAccount): Micros =>
              micros(
                entries
                  .filter((entry) => entry.account === account)
                  .reduce((sum, entry) => sum + entry.amount, 0),
              )
            expect(balance.available).toBe(sumOf(`prepaid:${accountId}`))
            expect(balance.held).toBe(sumOf(`held:${accountId}`))
            expect(balance.spent).toBe(sumOf(`revenue:${accountId}`))
            expect(balance.available).toBeGreaterThanOrEqual(0)
          }
        }),
        { numRuns: 60 },
      )
    })
  })
}
