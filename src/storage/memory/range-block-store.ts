import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import {
  isForgotten,
  mayProbe,
  merged,
  type RangeBlock,
  type RangeBlockStore,
} from '../../risk/ranges/blocks.ts'

type Blocks = Map<string, RangeBlock>
const keyOf = ({ kind, range }: RangeBlock): string => `${kind} ${range}`

/** Closed ranges of one process. */
export class MemoryRangeBlockStore implements RangeBlockStore {
  private readonly blocks = new Map<AccountId, Blocks>()

  async put(block: RangeBlock): Promise<void> {
    const own: Blocks = this.blocks.get(block.accountId) ?? new Map()
    own.set(keyOf(block), merged(own.get(keyOf(block)), block))
    this.blocks.set(block.accountId, own)
  }

  async update(block: RangeBlock): Promise<void> {
    if (this.storedAs(block) !== undefined) await this.put(block)
  }

  async claimProbe(block: RangeBlock): Promise<boolean> {
    const stored = this.storedAs(block)
    if (stored === undefined || merged(stored, block) === stored) return false
    if (!mayProbe({ ...block, probedAtMs: stored.probedAtMs }, block.probedAtMs)) return false
    await this.put(block)
    return true
  }

  async remove(accountId: AccountId, id: RangeBlockId): Promise<RangeBlock | undefined> {
    const found = this.ofAccount(accountId).find((block) => block.id === id)
    if (found !== undefined) this.blocks.get(accountId)?.delete(keyOf(found))
    return found
  }

  async list(...[accountId, { limit, before }]: Parameters<RangeBlockStore['list']>) {
    return this.ofAccount(accountId)
      .filter(({ id, state }) => state !== 'open' && (before === undefined || id < before))
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit)
  }

  async remembered(accountId: AccountId, nowMs: number): Promise<readonly RangeBlock[]> {
    return this.ofAccount(accountId).filter((block) => !isForgotten(block, nowMs))
  }

  async purge(nowMs: number): Promise<void> {
    for (const own of this.blocks.values()) {
      for (const [key, block] of own) if (isForgotten(block, nowMs)) own.delete(key)
    }
  }

  private storedAs(block: RangeBlock): RangeBlock | undefined {
    return this.blocks.get(block.accountId)?.get(keyOf(block))
  }

  private ofAccount(accountId: AccountId): RangeBlock[] {
    return [...(this.blocks.get(accountId)?.values() ?? [])]
  }
}
