import type { BudgetStore } from '../../../src/billing/budget-store.ts'
import type { MonthStore } from '../../../src/billing/month-store.ts'
import type { House } from '../../../src/flows/house.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import type { ListStore } from '../../../src/risk/lists.ts'
import type { ScoreStore } from '../../../src/risk/own-scores.ts'
import type { RangeBlockStore } from '../../../src/risk/ranges/blocks.ts'
import type { Database } from '../../../src/storage/database.ts'
import { MemoryCustomerStore } from '../../../src/storage/memory/customer-store.ts'
import { MemoryDeadLetterStore } from '../../../src/storage/memory/dead-letter-store.ts'
import { MemoryHoldStore } from '../../../src/storage/memory/hold-store.ts'
import { MemoryListStore } from '../../../src/storage/memory/list-store.ts'
import { MemoryBooks } from '../../../src/storage/memory/memory-books.ts'
import { MemoryOutboxStore } from '../../../src/storage/memory/outbox-store.ts'
import { MemoryPackageStore } from '../../../src/storage/memory/package-store.ts'
import { MemoryRangeBlockStore } from '../../../src/storage/memory/range-block-store.ts'
import { MemoryReportStore } from '../../../src/storage/memory/report-store.ts'
import { MemoryScoreStore } from '../../../src/storage/memory/score-store.ts'
import { MemoryTenancyStore } from '../../../src/storage/memory/tenancy-store.ts'
import { MemoryVerificationStore } from '../../../src/storage/memory/verification-store.ts'
import { SqlBudgetStore } from '../../../src/storage/sql/budget-store.ts'
import { SqlCustomerStore } from '../../../src/storage/sql/customer-store.ts'
import { SqlDeadLetterStore } from '../../../src/storage/sql/dead-letter-store.ts'
import { SqlHoldStore } from '../../../src/storage/sql/hold-store.ts'
import { SqlLedgerStore } from '../../../src/storage/sql/ledger-store.ts'
import { SqlListStore } from '../../../src/storage/sql/list-store.ts'
import { SqlMonthStore } from '../../../src/storage/sql/month-store.ts'
import { SqlOutboxStore } from '../../../src/storage/sql/outbox-store.ts'
import { SqlPackageStore } from '../../../src/storage/sql/package-store.ts'
import { SqlRangeBlockStore } from '../../../src/storage/sql/range-block-store.ts'
import { SqlReportStore } from '../../../src/storage/sql/report-store.ts'
import { SqlScoreStore } from '../../../src/storage/sql/score-store.ts'
import { SqlTenancyStore } from '../../../src/storage/sql/tenancy-store.ts'
import { SqlVerificationStore } from '../../../src/storage/sql/verification-store.ts'
import { watched } from './life.ts'

type KeptParts =
  | 'verifications'
  | 'outbox'
  | 'deadLetters'
  | 'ledger'
  | 'packages'
  | 'holds'
  | 'customers'
  | 'reports'
  | 'tenancy'

/** What outlives a process. */
export type Stores = Pick<House, KeptParts> & {
  readonly budgets: BudgetStore
  readonly months: MonthStore
  readonly rangeBlocks: RangeBlockStore
  readonly scores: ScoreStore
  readonly lists: ListStore
}

export type Ground = {
  readonly stores: Stores
  /** Steps that the stores are in the middle of. */
  readonly busy: () => number
}

export function memoryGround(): Ground {
  const books = new MemoryBooks({ keptMs: Number.POSITIVE_INFINITY })
  const stores: Stores = {
    verifications: new MemoryVerificationStore(books),
    outbox: new MemoryOutboxStore(books),
    deadLetters: new MemoryDeadLetterStore(books),
    ledger: books.ledger,
    packages: new MemoryPackageStore(books),
    budgets: books.budgets,
    months: books.months,
    holds: new MemoryHoldStore(books),
    customers: new MemoryCustomerStore(),
    reports: new MemoryReportStore(),
    tenancy: new MemoryTenancyStore(),
    rangeBlocks: new MemoryRangeBlockStore(),
    scores: new MemoryScoreStore(),
    lists: new MemoryListStore(),
  }
  // Whatever they are asked is done before anybody else has a turn.
  return { stores, busy: () => 0 }
}

/** The stores of a server, over a real file. */
export function libsqlGround(db: Database, vault: Vault): Ground {
  const stores: Stores = {
    verifications: new SqlVerificationStore({ db, vault }),
    outbox: new SqlOutboxStore({ db, vault }),
    deadLetters: new SqlDeadLetterStore({ db, vault }),
    ledger: new SqlLedgerStore({ db, vault }),
    packages: new SqlPackageStore({ db, vault }),
    budgets: new SqlBudgetStore(db.driver),
    months: new SqlMonthStore(db.driver),
    holds: new SqlHoldStore({ db, vault }),
    customers: new SqlCustomerStore(db.driver),
    reports: new SqlReportStore(db, vault),
    tenancy: new SqlTenancyStore(db, vault),
    rangeBlocks: new SqlRangeBlockStore(db.driver),
    scores: new SqlScoreStore(db.driver),
    lists: new SqlListStore(db, vault),
  }
  let busy = 0
  const counted = async (work: () => Promise<unknown>) => {
    busy += 1
    try {
      return await work()
    } finally {
      busy -= 1
    }
  }
  return { stores: mapStores(stores, (store) => watched(store, counted)), busy: () => busy }
}

/** The same stores, each of them behind something. */
export function mapStores(stores: Stores, behind: <T extends object>(store: T) => T): Stores {
  const entries = Object.entries(stores).map(([name, store]) => [name, behind(store)])
  return Object.fromEntries(entries) as Stores
}
