import { BUDGETS_MAX, type BudgetStore, type BudgetUse } from '../../billing/budget-store.ts'
import { countedOf, covers, reachedBy } from '../../billing/budgets.ts'
import type { Refusal } from '../../codes/verification-store.ts'
import { type Budget, budgetStop, budgetWindow } from '../../domain/budget.ts'
import type { AccountId, BudgetId, SendId } from '../../domain/ids.ts'
import type { Send } from '../../domain/send.ts'

type Counter = { used: number; reached: number; readonly endsAtMs: number }

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Budgets in plain maps, counted by the verification store of the same books. */
export class MemoryBudgetStore implements BudgetStore {
  readonly #budgets = new Map<BudgetId, Budget>()
  readonly #counters = new Map<string, Counter>()
  /** What counted a send that may still be released. */
  readonly #countedBy = new Map<SendId, readonly (readonly [Budget, Counter])[]>()
  #sweptAtMs = 0

  async put(budget: Budget): Promise<Budget | 'full'> {
    const own = this.#of(budget.accountId)
    const known = own.find((one) => placeOf(one) === placeOf(budget))
    if (known === undefined && own.length >= BUDGETS_MAX) return 'full'
    const { id, createdAtMs } = known ?? budget
    const kept = { ...budget, id, createdAtMs }
    this.#budgets.set(id, kept)
    return kept
  }

  async find(accountId: AccountId, id: BudgetId, nowMs: number): Promise<BudgetUse | undefined> {
    const found = this.#budgets.get(id)
    return found?.accountId === accountId ? this.#useOf(found, nowMs) : undefined
  }

  async list(
    accountId: AccountId,
    { limit, before, nowMs }: Parameters<BudgetStore['list']>[1],
  ): Promise<readonly BudgetUse[]> {
    return this.#of(accountId)
      .filter(({ id }) => before === undefined || id < before)
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit)
      .map((budget) => this.#useOf(budget, nowMs))
  }

  async remove(accountId: AccountId, id: BudgetId): Promise<boolean> {
    if (this.#budgets.get(id)?.accountId !== accountId) return false
    return this.#budgets.delete(id)
  }

  async hasAny(accountId: AccountId): Promise<boolean> {
    return this.#of(accountId).length > 0
  }

  /** The longest period first, so that the longest wait is the one that is named. */
  refusalOf(send: Send): Refusal | undefined {
    const full = this.#covering(send)
      .filter(({ kind }) => kind === 'hard')
      .filter((budget) => {
        const { used } = this.#counterOf(budget, send.createdAtMs)
        return used + countedOf(budget, send) > budget.limit
      })
      .map((budget) => ({ budget, ...budgetWindow(budget.period, send.createdAtMs) }))
      .sort((left, right) => right.endsAtMs - left.endsAtMs)[0]
    if (full === undefined) return undefined
    const { budget, endsAtMs: retryAtMs } = full
    return { kind: 'stopped', stop: budgetStop(budget), retryAtMs, budget }
  }

  count(send: Send): void {
    this.#sweep(send.createdAtMs)
    const counted = this.#covering(send).map((budget) => {
      const counter = this.#counterOf(budget, send.createdAtMs)
      counter.used += countedOf(budget, send)
      counter.reached = Math.max(counter.reached, reachedBy(budget, counter.used))
      this.#counters.set(counterKey(budget, send.createdAtMs), counter)
      return [budget, counter] as const
    })
    if (counted.length > 0) this.#countedBy.set(send.id, counted)
  }

  /** What a send counted goes back into the periods in which it was counted, once. */
  giveBack(send: Pick<Send, 'id' | 'price'>): void {
    for (const [budget, counter] of this.#countedBy.get(send.id) ?? []) {
      counter.used -= countedOf(budget, send)
    }
    this.#countedBy.delete(send.id)
  }

  #of(accountId: AccountId): readonly Budget[] {
    return [...this.#budgets.values()].filter((one) => one.accountId === accountId)
  }

  #covering(send: Send): readonly Budget[] {
    return [...this.#budgets.values()].filter((budget) => covers(budget, send))
  }

  #counterOf(budget: Budget, atMs: number): Counter {
    const { endsAtMs } = budgetWindow(budget.period, atMs)
    return this.#counters.get(counterKey(budget, atMs)) ?? { used: 0, reached: 0, endsAtMs }
  }

  #useOf(budget: Budget, nowMs: number): BudgetUse {
    const { used, reached, endsAtMs } = this.#counterOf(budget, nowMs)
    return { budget, used, reached, endsAtMs }
  }

  /** Once an hour of their time. */
  #sweep(nowMs: number): void {
    if (nowMs < this.#sweptAtMs + HOUR_MS) return
    this.#sweptAtMs = nowMs
    const isOld = ({ endsAtMs }: Counter) => endsAtMs <= nowMs - DAY_MS
    for (const [key, counter] of this.#counters) if (isOld(counter)) this.#counters.delete(key)
    for (const [id, counted] of this.#countedBy) {
      if (counted.every(([, counter]) => isOld(counter))) this.#countedBy.delete(id)
    }
  }
}

const placeOf = ({ serviceId, country, period, kind, unit }: Budget): string =>
  [serviceId, country, period, kind, unit].join(' ')

const counterKey = ({ id, period }: Budget, atMs: number): string =>
  `${id} ${budgetWindow(period, atMs).startMs}`
