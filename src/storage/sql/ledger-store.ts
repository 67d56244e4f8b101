import type { Balance, LedgerEntry, LedgerStore } from '../../billing/ledger-store.ts'
import type { AccountId, EntryId, PostingId, SendId, VerificationId } from '../../domain/ids.ts'
import { type Currency, currency, type Micros, micros, ZERO } from '../../domain/money.ts'
import type { AnyPosting, LedgerAccount } from '../../domain/posting.ts'
import { type Row, StorageError } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { AFTER_ALL_IDS, statement } from './statements.ts'

/** ISO 4217's code for "no currency": what an account's empty balance is in before its first posting. */
const NO_CURRENCY = currency('XXX')

export class SqlLedgerStore implements LedgerStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async post(posting: AnyPosting): Promise<'posted' | 'duplicate' | 'short'> {
    const { db, vault } = this.#deps
    try {
      const rows = await db.driver.all(postingStatement(vault, posting))
      return rows.length > 0 ? 'posted' : 'duplicate'
    } catch (error) {
      if (error instanceof StorageError && error.constraint === 'prepaid_covers') return 'short'
      throw error
    }
  }

  /** In the currency of the account's first posting; zeros in `XXX` when there was none. */
  async balance(accountId: AccountId): Promise<Balance> {
    const names: readonly LedgerAccount[] = [
      `prepaid:${accountId}`,
      `held:${accountId}`,
      `revenue:${accountId}`,
    ]
    const rows = await this.#deps.db.driver.all(
      statement(
        'SELECT account, currency, balance_micros FROM ledger_balances WHERE account IN (?, ?, ?) ORDER BY rowid',
        ...names,
      ),
    )
    const code = (rows[0]?.currency as Currency | undefined) ?? NO_CURRENCY
    const [available, held, spent] = names.map(
      (name) => rows.find((row) => row.account === name && row.currency === code)?.balance_micros,
    )
    return {
      currency: code,
      available: (available as Micros | undefined) ?? ZERO,
      held: (held as Micros | undefined) ?? ZERO,
      spent: (spent as Micros | undefined) ?? ZERO,
    }
  }

  async entries(
    accountId: AccountId,
    page: { limit: number; before: EntryId | undefined },
  ): Promise<readonly LedgerEntry[]> {
    const rows = await this.#deps.db.driver.all(
      statement(
        'SELECT * FROM ledger_entries WHERE account_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3',
        accountId,
        page.before ?? AFTER_ALL_IDS,
        page.limit,
      ),
    )
    return rows.map(toEntry)
  }

  async trialBalance(): Promise<ReadonlyMap<Currency, Micros>> {
    const rows = await this.#deps.db.driver.all(
      statement(
        'SELECT currency, sum(amount_micros) AS total FROM ledger_entries GROUP BY currency',
      ),
    )
    return new Map(rows.map((row) => [row.currency as Currency, micros(row.total as number)]))
  }
}

const toEntry = (row: Row): LedgerEntry => ({
  id: row.id as EntryId,
  postingId: row.posting_id as PostingId,
  postingKey: row.posting_key as string,
  account: row.account as LedgerAccount,
  amount: row.amount_micros as Micros,
  currency: row.currency as Currency,
  atMs: row.at_ms as number,
  verificationId: (row.verification_id as VerificationId | null) ?? undefined,
  sendId: (row.send_id as SendId | null) ?? undefined,
  note: (row.note as string | null) ?? undefined,
})
