import type { BatchStore } from '../../../src/channels/batch-store.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import type { Database } from '../../../src/storage/database.ts'
import { MemoryDeadLetterStore } from '../../../src/storage/memory/dead-letter-store.ts'
import { MemoryHoldStore } from '../../../src/storage/memory/hold-store.ts'
import { MemoryBooks } from '../../../src/storage/memory/memory-books.ts'
import { MemoryOutboxStore } from '../../../src/storage/memory/outbox-store.ts'
import { MemoryPackageStore } from '../../../src/storage/memory/package-store.ts'
import { MemoryVerificationStore } from '../../../src/storage/memory/verification-store.ts'
import { SqlBatchStore } from '../../../src/storage/sql/batch-store.ts'
import { SqlBudgetStore } from '../../../src/storage/sql/budget-store.ts'
import { SqlDeadLetterStore } from '../../../src/storage/sql/dead-letter-store.ts'
import { SqlHoldStore } from '../../../src/storage/sql/hold-store.ts'
import { SqlLedgerStore } from '../../../src/storage/sql/ledger-store.ts'
import { SqlMonthStore } from '../../../src/storage/sql/month-store.ts'
import { SqlOutboxStore } from '../../../src/storage/sql/outbox-store.ts'
import { SqlPackageStore } from '../../../src/storage/sql/package-store.ts'
import { SqlVerificationStore } from '../../../src/storage/sql/verification-store.ts'
import type { StoreSet } from './examples.ts'

export type SqlStoreSet = StoreSet & { readonly batches: BatchStore }

export function sqlStores(db: Database, vault: Vault, close: () => Promise<void>): SqlStoreSet {
  const deps = { db, vault }
  return {
    verifications: new SqlVerificationStore(deps),
    outbox: new SqlOutboxStore(deps),
    deadLetters: new SqlDeadLetterStore(deps),
    ledger: new SqlLedgerStore(deps),
    packages: new SqlPackageStore(deps),
    months: new SqlMonthStore(db.driver),
    holds: new SqlHoldStore(deps),
    budgets: new SqlBudgetStore(db.driver),
    batches: new SqlBatchStore(deps),
    close,
  }
}

export async function memoryStores(): Promise<StoreSet> {
  const books = new MemoryBooks()
  return {
    verifications: new MemoryVerificationStore(books),
    outbox: new MemoryOutboxStore(books),
    deadLetters: new MemoryDeadLetterStore(books),
    ledger: books.ledger,
    packages: new MemoryPackageStore(books),
    months: books.months,
    holds: new MemoryHoldStore(books),
    budgets: books.budgets,
    close: async () => undefined,
  }
}
