import type { Customer, CustomerStore } from '../../risk/customers.ts'
import { frontOf } from '../../risk/front-of-map.ts'

const CUSTOMERS_MAX = 1_000_000
const DAY_MS = 86_400_000

type Remembered = Customer & { readonly seenDay: number }

/** Customers of one process; of more than `max` those who came longest ago are forgotten. */
export class MemoryCustomerStore implements CustomerStore {
  private readonly customers = new Map<string, Remembered>()
  private readonly oldest = frontOf(this.customers)
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
    this.customers.set(key, {
      sinceMs: found?.sinceMs ?? atMs,
      codes: (found?.codes ?? 0) + 1,
      seenDay: Math.max(found?.seenDay ?? 0, dayOf(atMs)),
    })
    if (this.customers.size <= this.max) return
    const oldest = this.oldest()
    if (oldest !== undefined) this.customers.delete(oldest[0])
  }

  async purge(beforeMs: number, limit: number): Promise<number> {
    let gone = 0
    for (const [key, { seenDay }] of this.customers) {
      if (gone >= limit || seenDay >= dayOf(beforeMs)) break
      this.customers.delete(key)
      gone++
    }
    return gone
  }
}

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)
