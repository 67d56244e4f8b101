/** Counts from 1; columns in UTF-16 units, as editors count them. */
export type Position = { readonly line: number; readonly column: number }

/** Where an offset of `text` stands. Offsets outside the text stand at its nearest end. */
export function linePositions(text: string): (offset: number) => Position {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    const inside = Math.min(Math.max(0, offset), text.length)
    const line = lastAtMost(starts, inside)
    return { line: line + 1, column: inside - (starts[line] ?? 0) + 1 }
  }
}

/** Index of the last number that is not above `limit`, in a list that ascends from 0. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((ascending[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
