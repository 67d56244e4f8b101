import { type CsvFile, type CsvMistake, readCsv } from './csv.ts'

/** A row longer than this is no row: most likely a quote is missing. */
const ROW_CHARS_MAX = 1_000_000

/**
 * The rows of a file that comes in pieces, so that its size does not matter; lines and columns count from its beginning. Ends with the
 * first thing that is not CSV.
 */
export async function* readCsvChunks(chunks: AsyncIterable<string>): AsyncGenerator<CsvFile> {
  let rest = ''
  let linesBefore = 0
  for await (const chunk of chunks) {
    rest += chunk
    const end = wholeRows(rest)
    if (end === 0 && rest.length > ROW_CHARS_MAX) {
      yield { rows: [], mistakes: [{ line: linesBefore + 1, column: 1, message: 'never ends' }] }
      return
    }
    if (end === 0) continue
    const whole = rest.slice(0, end)
    const read = moved(readCsv(whole), linesBefore)
    yield read
    if (read.mistakes.length > 0) return
    linesBefore += whole.split('\n').length - 1
    rest = rest.slice(end)
  }
  if (rest !== '') yield moved(readCsv(rest), linesBefore)
}

/** Where the last row ends that is whole: behind a line break outside of quotes. */
function wholeRows(text: string): number {
  let end = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) isQuoted = !isQuoted
    else if (char === NEWLINE && !isQuoted) end = at + 1
  }
  return end
}
const QUOTE = 0x22
const NEWLINE = 0x0a

function moved({ rows, mistakes }: CsvFile, lines: number): CsvFile {
  if (lines === 0) return { rows, mistakes }
  const down = <T extends Pick<CsvMistake, 'line'>>(one: T): T => ({
    ...one,
    line: one.line + lines,
  })
  return { rows: rows.map((row) => row.map(down)), mistakes: mistakes.map(down) }
}
