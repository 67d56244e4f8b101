import type { PartShelf, WholeText } from '../../channels/part-shelf.ts'

/** Of one provider, in maps. */
export class MemoryPartShelf implements PartShelf {
  readonly #wholes = new Map<string, { readonly id: string; readonly missing: Set<string> }>()

  async keep(ids: readonly string[], _atMs: number): Promise<void> {
    const [id] = ids
    if (id === undefined) return
    const whole = { id, missing: new Set(ids) }
    for (const each of ids) this.#wholes.set(each, whole)
  }

  async tell(id: string, hasArrived: boolean): Promise<WholeText | undefined> {
    const whole = this.#wholes.get(id)
    if (hasArrived) whole?.missing.delete(id)
    return whole && { id: whole.id, missing: whole.missing.size }
  }
}
