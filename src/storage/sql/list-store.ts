import { and, asc, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { assert } from '../../domain/assert.ts'
import type { AccountId, ListEntryId } from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import type { ListEntry, ListKind, ListName, ListStore } from '../../risk/lists.ts'
import { type Database, guarded, prepared, type Statement, statementOf } from '../database.ts'
import { listEntries, listVersions } from '../schema/risk.ts'

const PERSONAL_KINDS: ReadonlySet<ListKind> = new Set(['phone', 'ip', 'device'])

const BUMP = `
INSERT INTO list_versions (account_id, version) VALUES (?1, 1)
ON CONFLICT (account_id) DO UPDATE SET version = version + 1`

/** Opening a sealed text costs more than reading its row, and a growing list is read again after every change. */
const OPENED_MAX = 20_000

/** Runs before the deletion and counts only when there is something to delete. */
const BUMP_IF_LISTED = `
INSERT INTO list_versions (account_id, version)
SELECT account_id, 1 FROM list_entries WHERE account_id = ?1 AND list = ?2 AND id = ?3
ON CONFLICT (account_id) DO UPDATE SET version = version + 1`

const REMOVE = `
DELETE FROM list_entries WHERE account_id = ?1 AND list = ?2 AND id = ?3 RETURNING id`

/** Entries that accounts made; those of the operator come from files and have no account. */
export class SqlListStore implements ListStore {
  private readonly db: Database
  private readonly vault: Vault
  private readonly versionOf: (values: { accountId: AccountId }) => Statement
  /** By context and sealed text: what was opened once in its place need not be opened there again. */
  private readonly opened = new Map<string, string>()

  constructor(db: Database, vault: Vault) {
    this.db = db
    this.vault = vault
    this.versionOf = prepared(
      db.orm
        .select({ version: listVersions.version })
        .from(listVersions)
        .where(eq(listVersions.accountId, sql.placeholder('accountId'))),
    )
  }

  /** A value that is listed already keeps its id and age, and takes the new note, author and expiry. */
  async put(entry: ListEntry): Promise<ListEntry> {
    const row = this.toRow(entry)
    const { noteSealed, author, expiresAtMs, value, valueSealed } = row
    const upsert = this.db.orm
      .insert(listEntries)
      .values(row)
      .onConflictDoUpdate({
        target: [listEntries.accountId, listEntries.list, listEntries.kind, listEntries.digest],
        set: { noteSealed, author, expiresAtMs, value, valueSealed },
      })
      .returning({ id: listEntries.id, created_at_ms: listEntries.createdAtMs })
    const [[stored] = []] = await this.db.driver.batch([
      statementOf(upsert),
      { sql: BUMP, args: [row.accountId] },
    ])
    assert(stored !== undefined, 'an upsert returns its row')
    return {
      ...entry,
      id: String(stored.id) as ListEntryId,
      createdAtMs: Number(stored.created_at_ms),
    }
  }

  async remove(accountId: AccountId, list: ListName, id: ListEntryId): Promise<boolean> {
    const args = [accountId, list, id]
    const [, removed = []] = await this.db.driver.batch([
      { sql: BUMP_IF_LISTED, args },
      { sql: REMOVE, args },
    ])
    return removed.length === 1
  }

  /** Newest first; those that have expired are still shown. */
  async list(
    accountId: AccountId,
    list: ListName,
    page: { limit: number; before: ListEntryId | undefined },
  ): Promise<readonly ListEntry[]> {
    const older = page.before === undefined ? undefined : lt(listEntries.id, page.before)
    const rows = await guarded(
      this.db.orm
        .select()
        .from(listEntries)
        .where(and(eq(listEntries.accountId, accountId), eq(listEntries.list, list), older))
        .orderBy(desc(listEntries.id))
        .limit(page.limit),
    )
    return rows.map((row) => this.toEntry(row))
  }

  async active(accountId: AccountId, nowMs: number): Promise<readonly ListEntry[]> {
    const live = or(isNull(listEntries.expiresAtMs), gt(listEntries.expiresAtMs, nowMs))
    const rows = await guarded(
      this.db.orm
        .select()
        .from(listEntries)
        .where(and(eq(listEntries.accountId, accountId), live))
        .orderBy(asc(listEntries.list), asc(listEntries.id)),
    )
    return rows.map((row) => this.toEntry(row))
  }

  async version(accountId: AccountId): Promise<number> {
    const [row] = await this.db.driver.all(this.versionOf({ accountId }))
    return Number(row?.version ?? 0)
  }

  private toRow(entry: ListEntry): Required<typeof listEntries.$inferInsert> {
    const { accountId, value, note, expiresAtMs, ...rest } = entry
    assert(accountId !== undefined, 'the list store holds entries of accounts')
    const personal = PERSONAL_KINDS.has(entry.kind)
    const digest = this.vault.digest('lookup', `${entry.kind}:${value}`)
    return {
      ...rest,
      accountId,
      digest,
      value: personal ? null : value,
      valueSealed: personal ? this.vault.seal(value, valueContext(accountId, digest)) : null,
      noteSealed: note === undefined ? null : this.vault.seal(note, noteContext(accountId, digest)),
      expiresAtMs: expiresAtMs ?? null,
    }
  }

  private open(sealed: string, context: string): string {
    const place = `${context} ${sealed}`
    const known = this.opened.get(place)
    if (known !== undefined) return known
    const text = this.vault.open(sealed, context)
    if (this.opened.size >= OPENED_MAX) this.opened.clear()
    this.opened.set(place, text)
    return text
  }

  private toEntry(row: typeof listEntries.$inferSelect): ListEntry {
    const { valueSealed, noteSealed, digest, value, expiresAtMs, ...rest } = row
    const { accountId } = rest
    const opened =
      valueSealed === null ? value : this.open(valueSealed, valueContext(accountId, digest))
    assert(opened !== null, 'an entry has a value, clear or sealed')
    return {
      ...rest,
      value: opened,
      note: noteSealed === null ? undefined : this.open(noteSealed, noteContext(accountId, digest)),
      expiresAtMs: expiresAtMs ?? undefined,
    }
  }
}

/** Bound to the digest and not to the id: an entry that replaces another keeps the other's id. */
const valueContext = (accountId: AccountId, digest: string): string =>
  `list_value:${accountId}:${digest}`
const noteContext = (accountId: AccountId, digest: string): string =>
  `list_note:${accountId}:${digest}`
