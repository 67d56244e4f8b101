import type { Customer, CustomerStore } from '../../risk/customers.ts'

const CUSTOMERS_MAX = 1_000_000

/** Customers of one process; of more than `max` those who came longest ago are forgotten. */
export class MemoryCustomerStore implements CustomerStore {
  private readonly customers = new Map<string, Customer>()
  private readonly max: number

  constructor(max = CUSTOMERS_MAX) {
    this.max = max
  }

  async find(key: string): Promise<Customer | undefined> {
    return this.customers.get(key)
  }

  async learn(key: string, atMs: number): Promise<void> {
    const found = this.customers.get(key)
    this.customers.delete(key)
    this.customers.set(key, { sinceMs: found?.sinceMs ?? atMs, codes: (found?.codes ?? 0) + 1 })
    if (this.customers.size <= this.max) return
    const oldest = this.customers.keys().next()
    if (oldest.done !== true) this.customers.delete(oldest.value)
  }
}
