import type { StatementStore } from '../../billing/statement-store.ts'
import { ZERO } from '../../domain/money.ts'

const NOTHING = { available: ZERO, held: ZERO }

/** Nobody is billed for a recording or a simulation. */
export const noStatements: StatementStore = {
  sent: async () => [],
  movements: async () => ({ movements: [], balances: { opening: NOTHING, closing: NOTHING } }),
  packages: async () => [],
  earned: async () => [],
  accounts: async () => [],
  bookings: async () => [],
  refused: async () => [],
  kept: async () => undefined,
  beginKeeping: async () => undefined,
  keep: async () => {},
}
