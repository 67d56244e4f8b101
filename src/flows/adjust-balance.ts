import { adjust } from '../billing/postings.ts'
import type { SendId } from '../domain/ids.ts'
import { fieldProblem } from '../domain/problems.ts'
import type { House } from './house.ts'
import type { TopUp } from './top-up.ts'

export type Adjustment = TopUp & {
  readonly note: string
  readonly sendId: SendId | undefined
}

/**
 * Books a refund (positive) or a charge (negative) against what was earned; what was booked before stays as it is. Throws
 * `invalid_request` for a currency that is not the account's or a send that is not its own.
 */
export async function adjustBalance(
  house: Pick<House, 'platform' | 'tenancy' | 'ledger' | 'outbox'>,
  adjustment: Adjustment,
): Promise<'posted' | 'duplicate' | 'short'> {
  const { accountId, currency, sendId } = adjustment
  const account = await house.tenancy.account(accountId)
  if (account?.currency !== currency)
    throw fieldProblem('/currency', `this account is kept in ${account?.currency}`)
  const send = sendId && (await house.outbox.find(sendId))
  if (sendId !== undefined && send?.accountId !== accountId)
    throw fieldProblem('/send', 'there is no such send')
  return house.ledger.post(adjust({ ...adjustment, atMs: house.platform.nowMs() }))
}
