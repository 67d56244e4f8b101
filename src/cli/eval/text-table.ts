export type Cell = string | number
export type Table = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Columns padded to the same width: the first to the left, the others to the right. */
export function textTable({ head, rows }: Table): string {
  const lines = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  return [lines[0] ?? [], rule, ...lines.slice(1)]
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column === 0 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A share from 0 to 1 as a percentage with so many decimals. */
export function percent(share: number, decimals = 2): string {
  return `${(share * 100).toFixed(decimals)} %`
}

export function usd(amount: number): string {
  return amount.toFixed(2)
}
