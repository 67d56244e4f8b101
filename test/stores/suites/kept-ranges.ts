import type { Vault } from '../../../src/platform/vault.ts'
import type { RangeWatch } from '../../../src/risk/ranges/watch.ts'
import type { Database } from '../../../src/storage/database.ts'
import { SqlRangeWatch } from '../../../src/storage/sql/range-watch.ts'

/** Watches on one database, and a look at what they keep there. */
export type KeptRanges = {
  readonly make: () => RangeWatch
  /** Empties the table first. */
  readonly makeEmpty: () => Promise<RangeWatch>
  readonly rows: () => Promise<number>
  /** Every column of every row. */
  readonly text: () => Promise<string>
}

export function keptRangesIn({ driver }: Database, vault: Vault): KeptRanges {
  const make = () =>
    new SqlRangeWatch({ db: { driver }, hash: (text) => vault.digest('subjects', text) })
  const all = () => driver.all({ sql: 'SELECT * FROM range_cells', args: [] })
  return {
    make,
    makeEmpty: async () => {
      await driver.all({ sql: 'DELETE FROM range_cells', args: [] })
      return make()
    },
    rows: async () => (await all()).length,
    text: async () => JSON.stringify(await all()),
  }
}
