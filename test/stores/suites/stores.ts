import type { Vault } from '../../../src/platform/vault.ts'
import type { Database } from '../../../src/storage/database.ts'
import { MemoryBooks } from '../../../src/storage/memory/memory-books.ts'
import { MemoryOutboxStore } from '../../../src/storage/memory/outbox-store.ts'
import { MemoryVerificationStore } from '../../../src/storage/memory/verification-store.ts'
import { SqlLedgerStore } from '../../../src/storage/sql/ledger-store.ts'
import { SqlOutboxStore } from '../../../src/storage/sql/outbox-store.ts'
import { SqlVerificationStore } from '../../../src/storage/sql/verification-store.ts'
import type { StoreSet } from './examples.ts'

export function sqlStores(db: Database, vault: Vault, close: () => Promise<void>): StoreSet {
  const deps = { db, vault }
  return {
    verifications: new SqlVerificationStore(deps),
    outbox: new SqlOutboxStore(deps),
    ledger: new SqlLedgerStore(deps),
    close,
  }
}

export async function memoryStores(): Promise<StoreSet> {
  const books = new MemoryBooks()
  return {
    verifications: new MemoryVerificationStore(books),
    outbox: new MemoryOutboxStore(books),
    ledger: books.ledger,
    close: async () => undefined,
  }
}
