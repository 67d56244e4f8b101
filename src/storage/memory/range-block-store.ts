import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import { isForgotten, type RangeBlock, type RangeBlockStore } from '../../risk/ranges/blocks.ts'

/** Closed ranges of one process. */
export class MemoryRangeBlockStore implements RangeBlockStore {
  private readonly blocks = new Map<AccountId, Map<RangeBlockId, RangeBlock>>()

  async put(block: RangeBlock): Promise<void> {
    const own = this.blocks.get(block.accountId) ?? new Map<RangeBlockId, RangeBlock>()
    own.set(block.id, block)
    this.blocks.set(block.accountId, own)
  }

  async remove(accountId: AccountId, id: RangeBlockId): Promise<RangeBlock | undefined> {
    const found = this.blocks.get(accountId)?.get(id)
    this.blocks.get(accountId)?.delete(id)
    return found
  }

  async list(...[accountId, { limit, before }]: Parameters<RangeBlockStore['list']>) {
    return [...(this.blocks.get(accountId)?.values() ?? [])]
      .filter(({ id, state }) => state !== 'open' && (before === undefined || id < before))
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit)
  }

  async remembered(accountId: AccountId, nowMs: number): Promise<readonly RangeBlock[]> {
    return [...(this.blocks.get(accountId)?.values() ?? [])].filter(
      (block) => !isForgotten(block, nowMs),
    )
  }

  async purge(nowMs: number): Promise<void> {
    for (const own of this.blocks.values()) {
      for (const block of own.values()) if (isForgotten(block, nowMs)) own.delete(block.id)
    }
  }
}
