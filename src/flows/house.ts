import type { HoldStore } from '../billing/hold-store.ts'
import type { LedgerStore } from '../billing/ledger-store.ts'
import type { PackageStore } from '../billing/package-store.ts'
import type { StatementStore } from '../billing/statement-store.ts'
import type { BatchStore } from '../channels/batch-store.ts'
import type { DeadLetterStore } from '../channels/dead-letter-store.ts'
import type { OutboxStore } from '../channels/outbox-store.ts'
import type { SandboxInbox } from '../channels/provider.ts'
import type { CodeBook } from '../codes/code-book.ts'
import type { VerificationStore } from '../codes/verification-store.ts'
import type { Platform } from '../platform/platform.ts'
import type { Vault } from '../platform/vault.ts'
import type { CustomerStore } from '../risk/customers.ts'
import type { RangeWatch } from '../risk/ranges/watch.ts'
import type { ReportStore } from '../risk/reports.ts'
import type { ShadowStore } from '../risk/shadow.ts'
import type { ClientFacts, ClientInput, PhoneData } from '../risk/signals.ts'
import type { VelocityStore } from '../risk/velocity.ts'
import type { IdempotencyStore } from '../tenancy/idempotency.ts'
import type { TenancyStore } from '../tenancy/tenancy.ts'
import type { BudgetBook } from './budget-book.ts'
import type { ChallengeDesk } from './challenge-desk.ts'
import type { Events } from './courier.ts'
import type { ListBook } from './list-book.ts'
import type { MonthBook } from './month-book.ts'
import type { Policy } from './policy.ts'
import type { RangeBook } from './range-book.ts'
import type { RuleSetBook } from './rule-set-book.ts'
import type { ScoreBook } from './score-book.ts'
import type { Woken } from './woken.ts'

/** Everything the use cases stand on. Made by `wire`; each flow names the part of it that it uses. */
export type House = {
  readonly platform: Platform
  readonly vault: Vault
  /** The operator's files as of now; ask once per request. */
  readonly policy: () => Policy
  readonly codes: CodeBook
  readonly challenges: ChallengeDesk
  readonly phoneData: PhoneData
  readonly readClient: (client: ClientInput) => ClientFacts
  /** Makes an opaque key of something personal. */
  readonly hash: (text: string) => string
  readonly verifications: VerificationStore
  readonly outbox: OutboxStore
  readonly batches: BatchStore
  readonly deadLetters: DeadLetterStore
  readonly ledger: LedgerStore
  readonly packages: PackageStore
  readonly months: MonthBook
  readonly budgets: BudgetBook
  readonly statements: StatementStore
  readonly holds: HoldStore
  readonly velocity: VelocityStore
  /** What became of sends to each range. */
  readonly ranges: RangeWatch
  readonly rangeBlocks: RangeBook
  readonly customers: CustomerStore
  /** What each account's ordinary requests scored. */
  readonly ownScores: ScoreBook
  /** What the rules were that decided in the past. */
  readonly ruleSets: RuleSetBook
  readonly lists: ListBook
  readonly reports: ReportStore
  readonly shadow: ShadowStore
  readonly tenancy: TenancyStore
  readonly idempotency: IdempotencyStore
  /** Where the sandbox provider delivers. */
  readonly sandbox: SandboxInbox
  readonly evidence: Evidence
  readonly events: Events
  /** Deletes what nobody can ask for any more, a bounded part of it at a time. */
  readonly purge: (nowMs: number) => Promise<void>
  /** Tells the dispatcher of a new outbox row. Losing the call delays the message, never loses it. */
  readonly wake: (woken: Woken) => void
  /** Lets the dispatcher look for rows that are due again. */
  readonly wakeDue: () => void
  readonly patience: Patience
}

/** How long money is held for what nobody tells. */
export type Patience = {
  /** For a send of which nobody knows whether it left. */
  readonly unknownMs: number
  /** For the receipt of a send that is billed on delivery. */
  readonly receiptMs: number
}

/** What becomes of a request's features beside its decision. */
export type Evidence = {
  /** Kept with the decision, as a server must; a replay would only carry them around. */
  readonly stored: boolean
  /** Sees the model's inputs of every request, in catalogue order: where a trainer listens. */
  readonly onVector: ((vector: Float64Array) => void) | undefined
}
