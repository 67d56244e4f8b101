/** What is known of a number that verified before. */
export type Customer = {
  /** When its first believed code came back, in Unix milliseconds. */
  readonly sinceMs: number
  /** Believed codes so far. */
  readonly codes: number
}

/** Numbers that verified, by their hashed key inside one account (`subjects.phone`). */
export interface CustomerStore {
  find(key: string): Promise<Customer | undefined>
  learn(key: string, atMs: number): Promise<void>
  /** Forgets up to `limit` numbers whose last believed code came before that day; answers how many went. */
  purge(beforeMs: number, limit: number): Promise<number>
}

/** One good code may be bought with the number; one that is followed by another a day later seldom is. */
const KNOWN_AFTER_MS = 20 * 3_600_000

/** A number is known once its first code is nearly a day old: a daily visitor is known on the second day. */
export const isKnown = (customer: Customer | undefined, atMs: number): boolean =>
  customer !== undefined && atMs - customer.sinceMs >= KNOWN_AFTER_MS
