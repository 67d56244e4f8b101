import { topUp as topUpPosting } from '../billing/postings.ts'
import { assert } from '../domain/assert.ts'
import type { AccountId } from '../domain/ids.ts'
import type { Currency, Micros } from '../domain/money.ts'
import { fieldProblem } from '../domain/problems.ts'
import type { House } from './house.ts'

export type TopUp = {
  readonly accountId: AccountId
  readonly amount: Micros
  readonly currency: Currency
  /** The payer's own name of this payment; the same one is booked once. */
  readonly reference: string
}

/** Books money that came in. Throws `invalid_request` for a currency that is not the account's. */
export async function topUp(
  house: Pick<House, 'platform' | 'tenancy' | 'ledger'>,
  { accountId, amount, currency, reference }: TopUp,
): Promise<'posted' | 'duplicate'> {
  const account = await house.tenancy.account(accountId)
  assert(account !== undefined, 'a top-up is for an account that exists')
  if (account.currency !== currency)
    throw fieldProblem('/currency', `this account is kept in ${account.currency}`)
  const atMs = house.platform.nowMs()
  const posted = await house.ledger.post(
    topUpPosting({ accountId, amount, currency, reference, atMs }),
  )
  assert(posted !== 'short', 'money that comes in cannot be short')
  return posted
}
