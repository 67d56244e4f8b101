import type { AccountId, KeyId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import { makeAccount } from '../tenancy/accounts.ts'
import { mintKey } from '../tenancy/secrets.ts'
import type { Account } from '../tenancy/tenancy.ts'
import type { House } from './house.ts'

export type AccountOpening = {
  readonly name: string
  readonly currency: Currency
  /** Id and secret of its first key, or undefined to make one. */
  readonly givenKey: { readonly id: KeyId; readonly secret: string } | undefined
}

/** A key in clear: shown once, never stored. */
export type ShownKey = { readonly keyId: KeyId; readonly secret: string }
export type OpenedAccount = { readonly account: Account; readonly key: ShownKey }

type Deps = {
  readonly platform: Pick<House['platform'], 'nowMs' | 'randomBytes'>
  readonly vault: House['vault']
}

/** An account with its default service and an admin key, and nothing on its balance. Undefined where the given key's id is taken. */
export async function openAccount(
  house: Deps & { readonly tenancy: Pick<House['tenancy'], 'createAccount'> },
  { name, currency, givenKey }: AccountOpening,
): Promise<OpenedAccount | undefined> {
  const { account, service } = makeAccount(house.platform, { name, currency })
  const minted = adminKey(house, { accountId: account.id, name: 'First key', givenKey })
  if (!(await house.tenancy.createAccount(account, service, minted))) return undefined
  return { account, key: { keyId: minted.key.id, secret: minted.secret } }
}

/** Another admin key, for an account of which nobody has one any more. Undefined where there is no such account. */
export async function addAdminKey(
  house: Deps & { readonly tenancy: Pick<House['tenancy'], 'account' | 'createKey'> },
  { accountId, name }: { readonly accountId: AccountId; readonly name: string },
): Promise<ShownKey | undefined> {
  if ((await house.tenancy.account(accountId)) === undefined) return undefined
  const minted = adminKey(house, { accountId, name, givenKey: undefined })
  await house.tenancy.createKey(minted)
  return { keyId: minted.key.id, secret: minted.secret }
}

type AdminKey = Pick<AccountOpening, 'name' | 'givenKey'> & { readonly accountId: AccountId }

const adminKey = ({ platform, vault }: Deps, { accountId, name, givenKey }: AdminKey) =>
  mintKey(
    { ids: platform, vault },
    { accountId, name, scopes: ['admin'], allowedIps: undefined },
    givenKey,
  )
