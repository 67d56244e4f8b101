import { assert } from '../../../domain/assert.ts'
import { currency, micros } from '../../../domain/money.ts'
import { fieldProblem, Problem } from '../../../domain/problems.ts'
import { adjustBalance } from '../../../flows/adjust-balance.ts'
import { referenceTaken } from '../../../flows/reference-taken.ts'
import { topUp } from '../../../flows/top-up.ts'
import { toBalanceAnswer, toLedgerEntry } from '../answers/money.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { type Call, type Route, route } from '../route.ts'
import {
  adjustmentAnswer,
  adjustmentBody,
  balanceAnswer,
  ledgerPage,
  ledgerQuery,
  topUpAnswer,
  topUpBody,
} from '../schemas/money.ts'

/** Far above any real balance, and far below where sums of micros stop being exact. */
const BALANCE_MICROS_MAX = 1_000_000_000_000_000

/** What finance reads and books. */
export const moneyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/balance',
    operationId: 'readBalance',
    tag: 'Billing',
    summary: 'Read what is free, held and spent',
    scopes: ['admin'],
    status: 200,
    answer: balanceAnswer,
    problems: [],
    handle: async ({ house, key: { accountId } }) => {
      const [balance, account] = await Promise.all([
        house.ledger.balance(accountId),
        house.tenancy.account(accountId),
      ])
      assert(account !== undefined, 'a key belongs to an account')
      // A ledger without a posting knows no currency yet.
      return { ...toBalanceAnswer(balance), currency: account.currency }
    },
  }),
  route({
    method: 'post',
    path: '/balance/top-ups',
    operationId: 'topUpBalance',
    tag: 'Billing',
    summary: 'Book money that came in',
    description: 'A reference is booked once: a second booking under it is a conflict.',
    scopes: ['admin'],
    body: topUpBody,
    idempotent: true,
    status: 201,
    answer: topUpAnswer,
    problems: ['conflict'],
    handle: async (call) => {
      const { house, key, body } = call
      const { accountId } = key
      await refuseOverfull(call)
      const posted = await topUp(house, {
        accountId,
        amount: micros(body.amount_micros),
        currency: currency(body.currency),
        reference: body.reference,
      })
      if (posted === 'duplicate') throw referenceTaken()
      const balance = toBalanceAnswer(await house.ledger.balance(accountId))
      return { ...body, balance }
    },
  }),
  route({
    method: 'post',
    path: '/balance/adjustments',
    operationId: 'adjustBalance',
    tag: 'Billing',
    summary: 'Book a refund or a correction',
    description:
      'A posting of its own: nothing that was booked is changed. A reference is booked once. It does not count towards monthly tiers.',
    scopes: ['admin'],
    body: adjustmentBody,
    idempotent: true,
    status: 201,
    answer: adjustmentAnswer,
    problems: ['conflict', 'balance_exhausted'],
    handle: async (call) => {
      const { house, key, body } = call
      const { accountId } = key
      await refuseOverfull(call)
      const posted = await adjustBalance(house, {
        accountId,
        amount: micros(body.amount_micros),
        currency: currency(body.currency),
        reference: body.reference,
        note: body.reason,
        sendId: body.send,
      })
      if (posted === 'short') throw new Problem('balance_exhausted')
      if (posted === 'duplicate') throw referenceTaken()
      return { ...body, balance: toBalanceAnswer(await house.ledger.balance(accountId)) }
    },
  }),
  route({
    method: 'get',
    path: '/ledger',
    operationId: 'readLedger',
    tag: 'Billing',
    summary: 'Read the ledger, newest entry first',
    scopes: ['admin'],
    query: ledgerQuery,
    status: 200,
    answer: ledgerPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.ledger.entries(key.accountId, page)
      const { items, next_cursor } = pageOf(found, query.limit)
      return { entries: items.map(toLedgerEntry), next_cursor }
    },
  }),
]

type Booking = Pick<
  Call<unknown, unknown, { readonly amount_micros: number }>,
  'house' | 'key' | 'body'
>

async function refuseOverfull({ house, key, body }: Booking): Promise<void> {
  const before = await house.ledger.balance(key.accountId)
  if (before.available + body.amount_micros > BALANCE_MICROS_MAX) {
    throw fieldProblem('/amount_micros', 'is more than a balance can hold')
  }
}
