/** What to ask a store for: one more than the page, to know whether there is another. */
export const withOneMore = (limit: number): number => limit + 1

/** The page and where the next one starts: the id of its last item, or null when it was the last. */
export function pageOf<T extends { readonly id: string }>(
  found: readonly T[],
  limit: number,
): { readonly items: readonly T[]; readonly next_cursor: string | null } {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: found.length > limit && last !== undefined ? last.id : null }
}
