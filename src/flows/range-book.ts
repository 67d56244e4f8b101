import type { AccountId } from '../domain/ids.ts'
import { isForgotten, type RangeBlock, type RangeBlockStore } from '../risk/ranges/blocks.ts'
import type { RangeKind } from '../risk/ranges/watch.ts'
import { openFreshCache } from '../tenancy/fresh-cache.ts'

const ACCOUNTS_MAX = 1_000
/** A range closed by another process is closed here after at most five seconds. */
const TTL_MS = 5_000

/** By kind and range. */
export type RememberedBlocks = ReadonlyMap<string, RangeBlock>
export const blockKey = (kind: RangeKind, range: string): string => `${kind} ${range}`

/** The closed ranges of accounts, remembered for a short time so that a request need not read them. */
export type RangeBook = RangeBlockStore & {
  blocksOf(accountId: AccountId, nowMs: number): Promise<RememberedBlocks> | RememberedBlocks
}

const NONE: RememberedBlocks = new Map()

export function openRangeBook(store: RangeBlockStore, ttlMs: number = TTL_MS): RangeBook {
  const fresh = openFreshCache<RememberedBlocks>({ maxEntries: ACCOUNTS_MAX, ttlMs })
  const known = (accountId: AccountId, nowMs: number): RememberedBlocks | undefined => {
    const blocks = fresh.peek(accountId, nowMs)
    return blocks === undefined || isAnyForgotten(blocks, nowMs) ? undefined : blocks
  }
  const load = async (accountId: AccountId, nowMs: number): Promise<RememberedBlocks> => {
    const blocks = await store.remembered(accountId, nowMs)
    return blocks.length === 0
      ? NONE
      : new Map(blocks.map((block) => [blockKey(block.kind, block.range), block]))
  }
  return {
    put: async (block) => {
      await store.put(block)
      fresh.drop(block.accountId)
    },
    update: async (block) => {
      await store.update(block)
      fresh.drop(block.accountId)
    },
    claimProbe: async (block) => {
      const isClaimed = await store.claimProbe(block)
      fresh.drop(block.accountId)
      return isClaimed
    },
    remove: async (accountId, id) => {
      const removed = await store.remove(accountId, id)
      fresh.drop(accountId)
      return removed
    },
    list: (accountId, page) => store.list(accountId, page),
    remembered: (accountId, nowMs) => store.remembered(accountId, nowMs),
    purge: (nowMs) => store.purge(nowMs),
    blocksOf: (accountId, nowMs) =>
      known(accountId, nowMs) ?? fresh.refresh(accountId, nowMs, () => load(accountId, nowMs)),
  }
}

function isAnyForgotten(blocks: RememberedBlocks, nowMs: number): boolean {
  for (const block of blocks.values()) if (isForgotten(block, nowMs)) return true
  return false
}
