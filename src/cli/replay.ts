import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { Answering, Replay } from '../flows/replay.ts'
import { type Invocation, textOption, UsageError } from './command.ts'
import { linesOf } from './lines.ts'
import { readEvent } from './replay-events.ts'
import { type NamedNumbers, readTestNumbers, withTestNumber } from './test-numbers.ts'

/** Answers collected before they are written; a live stream writes each at once. */
const WRITE_CHARS = 64 * 1024

type Run = {
  readonly replay: Replay
  readonly testNumbers: NamedNumbers
  readonly output: Writable
  readonly live: boolean
  readonly strict: boolean
  readonly complain: (line: number, reason: string) => void
}

/** `tollgate replay`: exit code 0, or 1 when a line could not be read. */
export async function replayCommand(invocation: Invocation): Promise<number> {
  const { hands, positionals, values } = invocation
  const [source = '-'] = positionals
  const out = textOption(invocation, 'out')
  const named = textOption(invocation, 'test-numbers')
  const testNumbers: NamedNumbers = named === undefined ? new Set() : readTestNumbers(named)
  const replay = await hands.openReplay({
    rules: textOption(invocation, 'rules'),
    model: textOption(invocation, 'model'),
  })
  const input = source === '-' ? process.stdin : await openInput(source)
  const output = out === undefined ? process.stdout : createWriteStream(out)
  const malformed = await run(input, {
    replay,
    testNumbers,
    output,
    live: source === '-',
    strict: values.strict === true,
    complain: (line, reason) => hands.err(`line ${line}: ${reason}\n`),
  })
  if (out !== undefined) {
    output.end()
    await once(output, 'finish')
  }
  return malformed === 0 ? 0 : 1
}

async function openInput(path: string): Promise<Readable> {
  const input = createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    await once(input, 'open')
  } catch {
    throw new UsageError(`there is no file ${path} to read`)
  }
  return input
}

/** Applies line after line; answers how many could not be read. */
async function run(input: Readable, parts: Run) {
  const { output, live, strict } = parts
  const writer = batchedWriter(output, live ? 0 : WRITE_CHARS)
  const { seen, apply } = lineApplier(parts, writer)
  reading: for await (const lines of linesOf(input)) {
    for (const line of lines) {
      const applying = apply(line)
      if (applying !== undefined) await applying
      if (strict && seen.malformed > 0) break reading
    }
  }
  await writer.flush()
  return seen.malformed
}

function lineApplier({ replay, testNumbers, complain }: Run, writer: Writer) {
  const seen = { lines: 0, malformed: 0 }
  const answer = async (answering: Answering): Promise<void> => {
    const answered = await answering
    if (answered === undefined) return
    const draining = writer.write(`${JSON.stringify(answered)}\n`)
    if (draining !== undefined) await draining
  }
  /** undefined: there is nothing to wait for. */
  const apply = (line: string): Promise<void> | undefined => {
    seen.lines++
    if (line.trim() === '') return undefined
    const read = readEvent(line)
    if (read.kind === 'malformed') {
      seen.malformed++
      complain(seen.lines, read.reason)
      return undefined
    }
    const answering = replay.apply(withTestNumber(read.event, testNumbers))
    return answering === undefined ? undefined : answer(answering)
  }
  return { seen, apply }
}

type Writer = ReturnType<typeof batchedWriter>

/** Writes when more than `batchChars` have come together, and waits where the reader is slower than we are. */
function batchedWriter(output: Writable, batchChars: number) {
  let pending = ''
  const flush = async (): Promise<void> => {
    if (pending === '') return
    const text = pending
    pending = ''
    if (!output.write(text)) await once(output, 'drain')
  }
  return {
    flush,
    /** undefined: there is nothing to wait for. */
    write: (text: string): Promise<void> | undefined => {
      pending += text
      return pending.length > batchChars ? flush() : undefined
    },
  }
}
