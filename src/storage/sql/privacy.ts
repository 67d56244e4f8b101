import type { AccountId } from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Database } from '../database.ts'

/** What every store over SQL is made of. */
export type SqlStoreDeps = { readonly db: Database; readonly vault: Vault }

/** Look-up key of a number; the same for all accounts, because one number's sends are capped across them. */
export const phoneHashOf = (vault: Vault, phone: string): string =>
  vault.digest('lookup', `phone:${phone}`)

/** Look-up key of a canonical IP address. */
export const ipHashOf = (vault: Vault, ip: string): string => vault.digest('lookup', `ip:${ip}`)

/** Bound to the account alone, so that the hourly aggregates can copy it from any of its verifications. */
export const sealIp = (vault: Vault, accountId: AccountId, ip: string): string =>
  vault.seal(ip, `ip:${accountId}`)

export const openIp = (vault: Vault, accountId: AccountId, sealed: string): string =>
  vault.open(sealed, `ip:${accountId}`)
