import type { ParseArgsConfig } from 'node:util'
import type { SentRecordStore } from '../billing/sent-records.ts'
import type { StatementStore } from '../billing/statement-store.ts'
import type { Replay } from '../flows/replay.ts'
import type { StoredBooks } from '../flows/stored-traffic.ts'
import type { Platform } from '../platform/platform.ts'
import type { Vault } from '../platform/vault.ts'
import type { Model } from '../risk/model/model.ts'
import type { TenancyStore } from '../tenancy/tenancy.ts'

/** What the entry hands to the command line: it may not reach up for any of this itself. */
export type Hands = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Where the program's own rules/, models/, drizzle/ and dist/ are. */
  readonly home: URL
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Starts the server and resolves with an exit code when it was asked to stop. */
  readonly serve: (options: ServeOptions) => Promise<number>
  /** Brings the database of the data directory up to date; resolves with the names of what was applied. */
  readonly migrate: () => Promise<readonly string[]>
  /** Everything a replay stands on, with rules and model from these files. */
  readonly openReplay: (options: ReplayOptions) => Promise<Replay>
  /** What the data directory's database keeps. */
  readonly openBooks: () => Promise<OpenedBooks>
}

/** The operator's own database: read by what looks back, and written to for new accounts and keys. */
export type OpenedBooks = StoredBooks & {
  readonly sentRecords: SentRecordStore
  readonly statements: StatementStore
  readonly tenancy: Pick<TenancyStore, 'account' | 'accountsAfter' | 'createAccount' | 'createKey'>
  readonly vault: Vault
  readonly platform: Pick<Platform, 'nowMs' | 'randomBytes'>
  readonly nowMs: () => number
  readonly close: () => Promise<void>
}

export type ReplayOptions = {
  readonly rules: string | undefined
  /** A file or what was read from one, undefined for the program's own, false for none. */
  readonly model: string | Model | undefined | false
  /** See `Evidence`. */
  readonly onVector?: (vector: Float64Array) => void
}

export type ServeOptions = { readonly port: number | undefined; readonly host: string | undefined }

export type Invocation = {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly hands: Hands
}

export type Command = {
  readonly name: string
  readonly summary: string
  /** What follows the name in a usage line. */
  readonly usage: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Least and most positional arguments. */
  readonly positionals: readonly [least: number, most: number]
  /** Lines of help about the options. */
  readonly help: readonly string[]
  /** Loaded when the command runs, so that help and short commands start at once. Resolves with the exit code. */
  readonly load: () => Promise<(invocation: Invocation) => Promise<number>>
}

/** A mistake in how a command was called: printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A whole number option, or undefined when it was not given. */
export function numberOption(
  invocation: Invocation,
  name: string,
  bounds: { readonly least: number; readonly most: number },
): number | undefined {
  const text = invocation.values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (
    typeof text === 'string' &&
    Number.isFinite(value) &&
    value >= bounds.least &&
    value <= bounds.most
  ) {
    return value
  }
  throw new UsageError(
    `--${name} takes a number from ${bounds.least} to ${bounds.most}, not '${String(text)}'`,
  )
}

/** A text option, or undefined when it was not given. */
export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.values[name]
  return typeof value === 'string' ? value : undefined
}
