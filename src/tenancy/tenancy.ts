import type { Channel } from '../domain/channel.ts'
import type { AccountId, KeyId, ServiceId } from '../domain/ids.ts'
import type { Currency, Micros } from '../domain/money.ts'

/** Holds balance, keys and services. */
export type Account = {
  readonly id: AccountId
  readonly name: string
  readonly currency: Currency
  readonly defaultServiceId: ServiceId
  readonly createdAtMs: number
}

export const SCOPES = ['verify', 'send', 'report', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** `admin` may do everything. The secret is shown once and stored as a keyed hash. */
export type Key = {
  readonly id: KeyId
  readonly accountId: AccountId
  readonly name: string
  readonly scopes: readonly Scope[]
  /** CIDRs from which the key may be used; undefined: from anywhere. */
  readonly allowedIps: readonly string[] | undefined
  readonly createdAtMs: number
  readonly revokedAtMs: number | undefined
}

export const PROTECTION_LEVELS = ['record_only', 'standard', 'max'] as const
export type ProtectionLevel = (typeof PROTECTION_LEVELS)[number]

/** One login flow's settings. */
export type ServiceSettings = {
  readonly name: string
  readonly codeLength: number
  readonly ttlSeconds: number
  readonly attemptsMax: number
  readonly sendsMax: number
  readonly channels: readonly Channel[]
  /** Take over in this order when a message surely could not be sent; default: as the routes file says. Empty: none. */
  readonly fallbackChannels: readonly Channel[] | 'default'
  readonly sender: string | undefined
  /** With `{code}`, and optionally `{minutes}`, `{service}`, `{amount}` and `{payee}`. */
  readonly template: string
  /** Templates by BCP 47 tag, before `template`. */
  readonly templates: Readonly<Record<string, string>>
  /** What batches say, by name. */
  readonly messageTemplates: Readonly<Record<string, MessageTemplate>>
  readonly locale: string
  /** Registered with carriers, without brackets. */
  readonly signature: string | undefined
  /** Host of the last line `@host #code`, which binds the code to a site. */
  readonly webOtpHost: string | undefined
  /** 11 characters that name the Android app which may read the code. */
  readonly androidHash: string | undefined
  readonly protection: ProtectionLevel
  /** Phone countries that may be sent to; undefined: all. */
  readonly countries: readonly string[] | undefined
  readonly blockedCountries: readonly string[]
  readonly phonePerMinute: number
  readonly phonePerHour: number
  readonly phonePerDay: number
  /** Notices, and bulk messages, that one number gets of the account in 24 hours. */
  readonly phoneNoticesPerDay: number
  readonly phoneBulkPerDay: number
  readonly hourlyBudget: Micros | undefined
  readonly dailyBudget: Micros | undefined
  /** silent: a refused caller sees an ordinary 201 and nothing is sent. */
  readonly blockResponse: 'explicit' | 'silent'
  /** What letting one real person in is worth, for the least-cost decision. */
  readonly userValue: Micros
  /** For monitors and app reviewers: nothing is sent to them, charged, limited or counted, and each has one fixed code. */
  readonly testNumbers: readonly TestNumber[]
}

/** With variables of its own, and `{service}`. */
export type MessageTemplate = {
  readonly template: string
  /** By BCP 47 tag, before `template`. */
  readonly templates: Readonly<Record<string, string>>
}

export type TestNumber = {
  /** E.164. */
  readonly phone: string
  readonly code: string
}

export type Service = ServiceSettings & {
  readonly id: ServiceId
  readonly accountId: AccountId
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type KeyWithHash = { readonly key: Key; readonly secretHash: string }

/** The newest first, from behind this one on. */
export type Page<Id> = { readonly limit: number; readonly before: Id | undefined }

export interface TenancyStore {
  /** Account, default service and key in one write; false when the key id exists already. */
  createAccount(account: Account, service: Service, key: KeyWithHash): Promise<boolean>
  /** True when no account exists yet. */
  isEmpty(): Promise<boolean>
  account(id: AccountId): Promise<Account | undefined>
  /** Oldest first, at most a thousand that come after this one. */
  accountsAfter(id: AccountId | undefined): Promise<readonly Account[]>
  key(id: KeyId): Promise<KeyWithHash | undefined>
  keys(accountId: AccountId, page: Page<KeyId>): Promise<readonly Key[]>
  createKey(key: KeyWithHash): Promise<void>
  /** True for exactly one caller. */
  revokeKey(accountId: AccountId, id: KeyId, nowMs: number): Promise<boolean>
  service(accountId: AccountId, id: ServiceId): Promise<Service | undefined>
  services(accountId: AccountId, page: Page<ServiceId>): Promise<readonly Service[]>
  createService(service: Service): Promise<void>
  updateService(service: Service): Promise<boolean>
}
