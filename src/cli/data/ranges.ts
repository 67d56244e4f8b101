/** Both ends inclusive. */
export type Row = { readonly start: bigint; readonly end: bigint; readonly value: number }

/** From each start to the next the value holds; 0 where no row does. */
export type Steps = { readonly starts: readonly bigint[]; readonly values: readonly number[] }

/**
 * Rows in ascending order of `start` as steps. Neighbours of one value become one step; where rows overlap, the first
 * one keeps what it has, as a look-up that reads the table from its top would see it.
 */
export function toSteps(rows: Iterable<Row>): Steps {
  const starts: bigint[] = []
  const values: number[] = []
  const step = (start: bigint, value: number): void => {
    if (values.at(-1) === value || (values.length === 0 && value === 0)) return
    starts.push(start)
    values.push(value)
  }
  let next = 0n
  for (const row of rows) {
    const start = row.start > next ? row.start : next
    if (start > row.end) continue
    if (start > next) step(next, 0)
    step(start, row.value)
    next = row.end + 1n
  }
  step(next, 0)
  return { starts, values }
}

export const toWords = (starts: readonly bigint[]): Uint32Array => Uint32Array.from(starts, Number)

/** Four words a start, most significant first. */
export function toQuadWords(starts: readonly bigint[]): Uint32Array {
  const words = new Uint32Array(starts.length * 4)
  for (const [index, start] of starts.entries()) {
    for (let word = 0; word < 4; word += 1) {
      words[index * 4 + word] = Number((start >> BigInt(96 - 32 * word)) & 0xffff_ffffn)
    }
  }
  return words
}
