import type { AccountId } from '../../domain/ids.ts'
import type { ListEntry, ListStore } from '../../risk/lists.ts'

/** Lists of one process, for replays and simulations. */
export class MemoryListStore implements ListStore {
  private readonly entries = new Map<AccountId, Map<string, ListEntry>>()
  private readonly versions = new Map<AccountId, number>()

  async put(entry: ListEntry): Promise<ListEntry> {
    const { accountId } = entry
    if (accountId === undefined) return entry
    const own = this.entries.get(accountId) ?? new Map<string, ListEntry>()
    this.entries.set(accountId, own)
    const place = `${entry.list} ${entry.kind} ${entry.value}`
    const stored = { ...entry, id: own.get(place)?.id ?? entry.id }
    own.set(place, stored)
    this.bump(accountId)
    return stored
  }

  async remove(...[accountId, list, id]: Parameters<ListStore['remove']>): Promise<boolean> {
    const own = this.entries.get(accountId)
    for (const [place, entry] of own ?? []) {
      if (entry.list !== list || entry.id !== id) continue
      own?.delete(place)
      this.bump(accountId)
      return true
    }
    return false
  }

  async list(...[accountId, list, { limit, before }]: Parameters<ListStore['list']>) {
    return [...(this.entries.get(accountId)?.values() ?? [])]
      .filter((entry) => entry.list === list && (before === undefined || entry.id < before))
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit)
  }

  async active(accountId: AccountId, nowMs: number): Promise<readonly ListEntry[]> {
    return [...(this.entries.get(accountId)?.values() ?? [])].filter(
      ({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > nowMs,
    )
  }

  async version(accountId: AccountId): Promise<number> {
    return this.versions.get(accountId) ?? 0
  }

  private bump(accountId: AccountId): void {
    this.versions.set(accountId, (this.versions.get(accountId) ?? 0) + 1)
  }
}
