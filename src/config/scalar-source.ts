/** How many source characters an escape in double quotes takes, backslash included. */
const ESCAPE_LENGTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }

/**
 * Where in the source of a YAML scalar (quotes, block header and indentation included) its character number `offset` was written.
 * Both texts are walked side by side: a run of white space in one stands for a run in the other, whatever folding did to it,
 * and everything else is itself, an escape, or a doubled quote. Inside a run of white space the answer is where the run starts.
 */
export function sourceOffset(source: string, value: string, offset: number): number {
  const style = source[0] ?? ''
  let at = startOf(source, style)
  if (whiteRun(value, 0) === 0) at += whiteRun(source, at)
  let seen = 0
  while (at < source.length) {
    const run = whiteRun(value, seen)
    if (run === 0) at += joinedLines(source, at, style)
    if (seen + Math.max(1, run) > offset) break
    at += run > 0 ? sourceRun(source, at, style) : unitLength(source, at, style)
    seen += Math.max(1, run)
  }
  return Math.min(at, source.length)
}

function startOf(source: string, style: string): number {
  if (style === '"' || style === "'") return 1
  if (style !== '|' && style !== '>') return 0
  const lineEnd = source.indexOf('\n')
  return lineEnd === -1 ? source.length : lineEnd + 1
}

const JOIN = /\\\r?\n[ \t]*/y
const WHITE = /[ \t\r\n]+/y

function whiteRun(text: string, at: number): number {
  WHITE.lastIndex = at
  return WHITE.exec(text)?.[0].length ?? 0
}

/** In double quotes a backslash at the end of a line takes the line end and the next indentation away. */
function joinedLines(source: string, at: number, style: string): number {
  if (style !== '"') return 0
  JOIN.lastIndex = at
  return JOIN.exec(source)?.[0].length ?? 0
}

/** White space as written; in double quotes it may be an escape such as `\n`, or a line end that is escaped away. */
function sourceRun(source: string, at: number, style: string): number {
  let length = 0
  for (;;) {
    const white = whiteRun(source, at + length)
    const isEscape =
      style === '"' && /^\\[ntr \t\n]/.test(source.slice(at + length, at + length + 2))
    if (white === 0 && !isEscape) return Math.max(1, length)
    length += white > 0 ? white : 2
  }
}

function unitLength(source: string, at: number, style: string): number {
  if (style === "'" && source.startsWith("''", at)) return 2
  if (style !== '"' || source[at] !== '\\') return 1
  return ESCAPE_LENGTH[source[at + 1] ?? ''] ?? 2
}
