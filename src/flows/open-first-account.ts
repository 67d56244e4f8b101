import { topUp } from '../billing/postings.ts'
import type { KeyId } from '../domain/ids.ts'
import { type Currency, type Micros, ZERO } from '../domain/money.ts'
import { makeAccount } from '../tenancy/accounts.ts'
import { mintKey } from '../tenancy/secrets.ts'
import type { House } from './house.ts'

export type FirstAccount = {
  readonly currency: Currency
  /** What may be spent before anybody pays in. */
  readonly sandboxBalance: Micros
  /** Id and secret of its first key, or undefined to make one. */
  readonly givenKey: { readonly id: KeyId; readonly secret: string } | undefined
}

/** The first key in clear: shown once, never stored. */
export type FirstKey = { readonly keyId: KeyId; readonly secret: string }

/**
 * On an empty database: an account, its default service, an admin key and a sandbox balance. Answers undefined when there
 * is an account already, also when another process was faster.
 */
export async function openFirstAccount(
  house: Pick<House, 'platform' | 'vault' | 'tenancy' | 'ledger'>,
  { currency, sandboxBalance, givenKey }: FirstAccount,
): Promise<FirstKey | undefined> {
  if (!(await house.tenancy.isEmpty())) return undefined
  const { account, service } = makeAccount(house.platform, { name: 'First account', currency })
  const minted = mintKey(
    { ids: house.platform, vault: house.vault },
    { accountId: account.id, name: 'First key', scopes: ['admin'], allowedIps: undefined },
    givenKey,
  )
  if (!(await house.tenancy.createAccount(account, service, minted))) return undefined
  if (sandboxBalance > ZERO) {
    await house.ledger.post(
      topUp({
        accountId: account.id,
        amount: sandboxBalance,
        currency,
        reference: 'sandbox',
        atMs: account.createdAtMs,
      }),
    )
  }
  return { keyId: minted.key.id, secret: minted.secret }
}
