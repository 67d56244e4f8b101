import type { Hands, ReplayOptions } from './cli/command.ts'
import type { CodeBook } from './codes/code-book.ts'
import { currency } from './domain/money.ts'
import { openBudgetBook } from './flows/budget-book.ts'
import type { ChallengeDesk } from './flows/challenge-desk.ts'
import type { House } from './flows/house.ts'
import { openListBook } from './flows/list-book.ts'
import { openMonthBook } from './flows/month-book.ts'
import { openRangeBook } from './flows/range-book.ts'
import { openReplay, type Replay, type ReplayStage } from './flows/replay.ts'
import { openScoreBook } from './flows/score-book.ts'
import { environmentOf, openModel, openNodeData } from './node-house.ts'
import { readPolicy, rulesFolderOf } from './node-policy.ts'
import type { Platform } from './platform/platform.ts'
import { openVault } from './platform/vault.ts'
import { seededDice, virtualClock, virtualPlatform } from './platform/virtual.ts'
import { openClientReader } from './risk/client-facts.ts'
import type { Model } from './risk/model/model.ts'
import { MemoryRangeWatch } from './risk/ranges/memory-watch.ts'
import { MemoryCustomerStore } from './storage/memory/customer-store.ts'
import { MemoryDeadLetterStore } from './storage/memory/dead-letter-store.ts'
import { MemoryHoldStore } from './storage/memory/hold-store.ts'
import { MemoryListStore } from './storage/memory/list-store.ts'
import { MemoryBooks } from './storage/memory/memory-books.ts'
import { noBatches } from './storage/memory/no-batches.ts'
import { noStatements } from './storage/memory/no-statements.ts'
import { MemoryOutboxStore } from './storage/memory/outbox-store.ts'
import { MemoryPackageStore } from './storage/memory/package-store.ts'
import { MemoryRangeBlockStore } from './storage/memory/range-block-store.ts'
import { MemoryReportStore } from './storage/memory/report-store.ts'
import { MemoryScoreStore } from './storage/memory/score-store.ts'
import { MemoryTenancyStore } from './storage/memory/tenancy-store.ts'
import { MemoryVelocityStore } from './storage/memory/velocity-store.ts'
import { MemoryVerificationStore } from './storage/memory/verification-store.ts'
import { withoutMoney } from './storage/memory/without-money.ts'
import type { Service } from './tenancy/tenancy.ts'

const RIGHT_CODE = 'right'
const WRONG_CODE = 'wrong'
const SEED = 1
/** Nobody else changes the lists, budgets and closed ranges of a replay, so what was read of them stays true. */
const ALONE_MS = Number.POSITIVE_INFINITY

/** A recording knows only whether what was typed was right. */
const recordedCodes: CodeBook = { codeOf: () => RIGHT_CODE }
/** A client that solves challenges brings its event's ref, which is as unique as a nonce. */
const recordedChallenges: ChallengeDesk = {
  make: async () => ({}),
  check: async (payload) => (typeof payload === 'string' ? payload : undefined),
}

/** The flows of the server over memory. */
export const wireReplay = async (hands: Hands, options: ReplayOptions): Promise<Replay> =>
  openReplay(await openStage(hands, options))

/** A house over memory, a clock that follows the recording and dice that fall alike every time. */
export async function openStage(
  hands: Pick<Hands, 'home' | 'environment'>,
  options: ReplayOptions,
): Promise<ReplayStage> {
  const { phones, networks } = openNodeData(hands.home)
  const model = await modelOf(hands.home, options.model)
  const asked = options.rules ?? environmentOf(hands).TOLLGATE_RULES_DIR
  const folder = rulesFolderOf(hands, asked)
  const maker = await readPolicy({ folder, hands, networks, model })
  const clock = virtualClock(0)
  const dice = seededDice(SEED)
  const platform = virtualPlatform({ clock, dice })
  const books = new MemoryBooks({ keepsSends: false })
  const tenancy = new MemoryTenancyStore()
  const policy = { ...maker({ platform, sandbox: noSandbox }), challenger: undefined }
  const house: House = {
    platform,
    vault: openVault([new Uint8Array(32)], platform.randomBytes),
    policy: () => policy,
    codes: recordedCodes,
    challenges: recordedChallenges,
    phoneData: phones,
    readClient: openClientReader(),
    hash: (text) => text,
    verifications: withoutMoney(new MemoryVerificationStore(books)),
    statements: noStatements,
    batches: noBatches,
    ...booksOf(books),
    velocity: new MemoryVelocityStore(),
    ranges: new MemoryRangeWatch(),
    rangeBlocks: openRangeBook(new MemoryRangeBlockStore(), ALONE_MS),
    customers: new MemoryCustomerStore(),
    ownScores: openScoreBook(new MemoryScoreStore()),
    ruleSets: noRuleSets,
    lists: openListBook(new MemoryListStore(), ALONE_MS),
    reports: new MemoryReportStore(),
    shadow: { totals: async () => [] },
    tenancy,
    idempotency: noIdempotency,
    sandbox: noSandbox,
    evidence: { stored: false, onVector: options.onVector },
    events: { raise: async () => {}, sweep: async () => {} },
    purge: async () => {},
    ...NOTHING_LEAVES,
  }
  return {
    house,
    setClock: clock.set,
    ...tenantsIn(tenancy, platform),
    rightCode: RIGHT_CODE,
    wrongCode: WRONG_CODE,
    lose: (id) => books.lose(id),
  }
}

const booksOf = (books: MemoryBooks) => ({
  outbox: new MemoryOutboxStore(books),
  deadLetters: new MemoryDeadLetterStore(books),
  ledger: books.ledger,
  packages: new MemoryPackageStore(books),
  months: openMonthBook(books.months),
  budgets: openBudgetBook(books.budgets, ALONE_MS),
  holds: new MemoryHoldStore(books),
})

async function modelOf(home: URL, asked: ReplayOptions['model']): Promise<Model | undefined> {
  if (asked === false) return undefined
  return typeof asked === 'object' ? asked : openModel(home, asked)
}

/** Tenants are made as their names come up. */
const tenantsIn = (
  tenancy: MemoryTenancyStore,
  platform: Platform,
): Pick<ReplayStage, 'serviceOf' | 'withTestNumber'> => ({
  serviceOf: (tenant) =>
    tenancy.tenantNamed(tenant, platform, { currency: currency('USD') }).service,
  withTestNumber: (service, phone) => nameTestNumber(tenancy, service, phone),
})

/** Puts a number among the service's test numbers, once; its fixed code is the one that a replay takes for right. */
async function nameTestNumber(
  tenancy: MemoryTenancyStore,
  service: Service,
  phone: string,
): Promise<Service> {
  const { accountId, id } = service
  const current = (await tenancy.service(accountId, id)) ?? service
  if (current.testNumbers.some((number) => number.phone === phone)) return current
  const testNumbers = [...current.testNumbers, { phone, code: RIGHT_CODE }]
  const named = { ...current, testNumbers }
  await tenancy.updateService(named)
  return named
}

/** A replay sends nothing. */
const NOTHING_LEAVES: Pick<House, 'wake' | 'wakeDue' | 'patience'> = {
  wake: () => {},
  wakeDue: () => {},
  patience: { unknownMs: 0, receiptMs: 0 },
}

/** No door stands before a replay, so nothing is asked twice. */
const noIdempotency: House['idempotency'] = {
  begin: async () => ({ kind: 'first' }),
  finish: async () => {},
  abandon: async () => {},
  purge: async () => 0,
}

/** Nobody reads a decision of a replay later. */
const noRuleSets: House['ruleSets'] = { keep: () => {}, find: async () => undefined }

const noSandbox: House['sandbox'] = { put: async () => {}, list: async () => [] }
