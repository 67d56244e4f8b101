import { topUp } from '../billing/postings.ts'
import { type Micros, ZERO } from '../domain/money.ts'
import type { House } from './house.ts'
import { type AccountOpening, openAccount, type ShownKey } from './open-account.ts'

export type FirstAccount = Omit<AccountOpening, 'name'> & {
  /** What may be spent before anybody pays in. */
  readonly sandboxBalance: Micros
}

/**
 * On an empty database: an account, its default service, an admin key and a sandbox balance. Answers undefined when there
 * is an account already, also when another process was faster.
 */
export async function openFirstAccount(
  house: Pick<House, 'platform' | 'vault' | 'tenancy' | 'ledger'>,
  { sandboxBalance, ...opening }: FirstAccount,
): Promise<ShownKey | undefined> {
  if (!(await house.tenancy.isEmpty())) return undefined
  const opened = await openAccount(house, { ...opening, name: 'First account' })
  if (opened === undefined) return undefined
  const { account, key } = opened
  if (sandboxBalance > ZERO) {
    await house.ledger.post(
      topUp({
        accountId: account.id,
        amount: sandboxBalance,
        currency: account.currency,
        reference: 'sandbox',
        atMs: account.createdAtMs,
      }),
    )
  }
  return key
}
