import type { BatchStore } from '../../channels/batch-store.ts'
import { assert } from '../../domain/assert.ts'

/** Recordings and simulations are of codes: nobody opens a batch there. */
export const noBatches: BatchStore = {
  open: async () => {
    assert(false, 'there are no batches in memory')
  },
  find: async () => undefined,
  list: async () => [],
  messages: async () => [],
  cancel: async () => false,
  endUnheard: async () => 0,
}
