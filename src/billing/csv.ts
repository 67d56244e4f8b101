/** One cell and where it begins; lines and columns count from 1. */
export type Cell = { readonly text: string; readonly line: number; readonly column: number }

export type CsvMistake = {
  readonly line: number
  readonly column: number
  readonly message: string
}

export type CsvFile = {
  readonly rows: readonly (readonly Cell[])[]
  readonly mistakes: readonly CsvMistake[]
}

/** A plain cell, or one in quotes in which a quote is written twice; then a comma or the end of the line. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y

/** RFC 4180 with either line end; empty lines are skipped. Stops at the first thing that is not CSV. Never throws. */
export function readCsv(text: string): CsvFile {
  const rows: Cell[][] = []
  let row: Cell[] = []
  let at: Position = { offset: text.startsWith('\uFEFF') ? 1 : 0, line: 1, column: 1 }
  while (at.offset < text.length || row.length > 0) {
    const { line, column } = at
    const match = matchAt(text, at.offset)
    if (match === null) {
      return { rows, mistakes: [{ line, column, message: notACell(text, at.offset) }] }
    }
    const [whole, quoted, plain = '', end] = match
    row.push({ text: quoted?.replaceAll('""', '"') ?? plain, line, column })
    at = after(at, whole)
    if (end === ',') continue
    if (row.some((cell) => cell.text !== '')) rows.push(row)
    row = []
  }
  return { rows, mistakes: [] }
}

type Position = { readonly offset: number; readonly line: number; readonly column: number }

function matchAt(text: string, offset: number): RegExpExecArray | null {
  CELL.lastIndex = offset
  return CELL.exec(text)
}

function after({ offset, line, column }: Position, whole: string): Position {
  const breaks = whole.split('\n').length - 1
  return {
    offset: offset + whole.length,
    line: line + breaks,
    column: breaks === 0 ? column + whole.length : whole.length - whole.lastIndexOf('\n'),
  }
}

const notACell = (text: string, at: number): string =>
  text[at] === '"'
    ? 'a quoted cell must end with a quote, then a comma or the end of the line'
    : 'a cell with a quote in it must be quoted whole, each of its quotes twice'

/** One table: a header and its rows, every line ended. */
export const writeCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(toCell).join(',')}\n`).join('')

const toCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** A row by the names of the header, with the cell of each for placing mistakes. */
export type CsvRecord = {
  readonly values: Readonly<Record<string, string>>
  readonly cellOf: (column: string) => Cell
}

/** Reads a file with a header: `required` columns must be there, in any order, and none but those and the `optional` ones. */
export function readCsvTable(
  text: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
): { readonly records: readonly CsvRecord[]; readonly mistakes: readonly CsvMistake[] } {
  const { rows, mistakes } = readCsv(text)
  const [header = [], ...body] = rows
  const wrong = [...mistakes, ...headerMistakes(header, columns)]
  if (wrong.length > 0) return { records: [], mistakes: wrong }
  const names = header.map((cell) => cell.text)
  const uneven = body.flatMap((row) => widthMistakes(row, names.length))
  if (uneven.length > 0) return { records: [], mistakes: uneven }
  return { records: body.map((row) => toRecord(columns.optional, names, row)), mistakes: [] }
}

function headerMistakes(
  header: readonly Cell[],
  { required, optional }: { required: readonly string[]; optional: readonly string[] },
): readonly CsvMistake[] {
  const known = [...required, ...optional]
  const names = header.map((cell) => cell.text)
  const strange = header.flatMap(({ text, line, column }, index) => {
    if (!known.includes(text))
      return [{ line, column, message: `unknown column; expected ${known.join(', ')}` }]
    return names.indexOf(text) < index ? [{ line, column, message: `a second ${text}` }] : []
  })
  const missing = required
    .filter((name) => !names.includes(name))
    .map((name) => ({ line: 1, column: 1, message: `there is no column ${name}` }))
  return [...strange, ...missing]
}

function widthMistakes(row: readonly Cell[], width: number): readonly CsvMistake[] {
  if (row.length === width) return []
  const { line, column } = row[Math.min(row.length - 1, width)] ?? { line: 1, column: 1 }
  return [{ line, column, message: `a row has ${width} cells, this one has ${row.length}` }]
}

/** An optional column that is not there is empty. */
function toRecord(
  optional: readonly string[],
  names: readonly string[],
  row: readonly Cell[],
): CsvRecord {
  const cells = new Map(names.map((name, index) => [name, row[index]] as const))
  const start = row[0] ?? { text: '', line: 1, column: 1 }
  return {
    values: Object.fromEntries([
      ...optional.map((name) => [name, '']),
      ...names.map((name, index) => [name, row[index]?.text ?? '']),
    ]),
    cellOf: (column) => cells.get(column) ?? start,
  }
}
