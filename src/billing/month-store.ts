import type { MonthKey, MonthReading } from './months.ts'

export interface MonthStore {
  /** Segments of the month that the balance has paid for so far. */
  volume(key: MonthKey): Promise<number>
  /** Months with tiers in which something was settled since they were last re-rated, at most `limit`. */
  stale(limit: number): Promise<readonly MonthReading[]>
  /** The month is right as it was read; what settled since makes it stale again. */
  markRerated(reading: MonthReading): Promise<void>
}
