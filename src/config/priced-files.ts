import type { CsvMistake, CsvRecord } from '../billing/csv.ts'
import type { Mistake, Parsed } from './mistake.ts'
import { type Checked, type PlacedData, placeMistakes, type RulesFiles } from './placed-data.ts'

/** One row of a file, and where in the file a mistake in one of its fields stands. */
export type FiledRow<Row> = {
  readonly row: Row
  readonly mistakeAt: (column: string, message: string) => Mistake
}

type Readers<Row> = {
  readonly csv: (text: string) => {
    readonly rows: readonly { readonly row: Row; readonly record: CsvRecord }[]
    readonly mistakes: readonly CsvMistake[]
  }
  readonly yaml: (
    value: unknown,
  ) => Checked<readonly { readonly row: Row; readonly path: readonly (string | number)[] }[]>
}

/** A file of rows in either format: CSV comes as text, YAML as data. */
const readRowFile = <Row>(
  file: string,
  content: PlacedData | string,
  readers: Readers<Row>,
): Parsed<readonly FiledRow<Row>[]> =>
  typeof content === 'string' ? readCsvFile(file, content, readers) : readData(content, readers)

function readCsvFile<Row>(
  file: string,
  text: string,
  readers: Readers<Row>,
): Parsed<readonly FiledRow<Row>[]> {
  const { rows, mistakes } = readers.csv(text)
  if (mistakes.length > 0)
    return { kind: 'wrong', mistakes: mistakes.map((each) => ({ file, ...each })) }
  const value = rows.map(({ row, record }) => ({
    row,
    mistakeAt: (column: string, message: string): Mistake => {
      const { line, column: at } = record.cellOf(column)
      return { file, line, column: at, message: `${column}: ${message}` }
    },
  }))
  return { kind: 'ok', value }
}

function readData<Row>(yaml: PlacedData, readers: Readers<Row>): Parsed<readonly FiledRow<Row>[]> {
  if (yaml.mistakes.length > 0) return { kind: 'wrong', mistakes: yaml.mistakes }
  const checked = readers.yaml(yaml.value)
  if (checked.kind === 'bad')
    return { kind: 'wrong', mistakes: placeMistakes(yaml, checked.mistakes) }
  const value = checked.value.map(({ row, path }) => ({
    row,
    mistakeAt: (_column: string, message: string): Mistake => {
      const [placed] = placeMistakes(yaml, [{ path, message }])
      return placed ?? { file: yaml.file, line: 1, column: 1, message }
    },
  }))
  return { kind: 'ok', value }
}

/** Reads many files of rows; the rows in the order of the files, whose last is blamed where two contradict each other, or every mistake that any file has by itself. */
export function readRowFiles<Row>(
  files: RulesFiles,
  readers: Readers<Row>,
): Parsed<readonly FiledRow<Row>[]> {
  const parsed = [...files].map(([file, content]) => readRowFile(file, content, readers))
  const mistakes = parsed.flatMap((each) => (each.kind === 'wrong' ? each.mistakes : []))
  if (mistakes.length > 0) return { kind: 'wrong', mistakes }
  return { kind: 'ok', value: parsed.flatMap((each) => (each.kind === 'ok' ? each.value : [])) }
}
