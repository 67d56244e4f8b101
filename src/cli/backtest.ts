import { once } from 'node:events'
import { createReadStream, writeFileSync } from 'node:fs'
import { storedEvents, type ToldEvent } from '../flows/stored-events.ts'
import { type Comparison, openComparison } from './backtest/compare.ts'
import { backtestPage } from './backtest/page.ts'
import { reportOn } from './backtest/report.ts'
import { backtestText } from './backtest/text.ts'
import { type Hands, type Invocation, numberOption, textOption, UsageError } from './command.ts'
import { linesOf } from './lines.ts'
import { readEvent } from './replay-events.ts'

const DAY_MS = 86_400_000
const DAYS_DEFAULT = 30
const DAYS_MAX = 3_660

type Read = { readonly events: number; readonly malformed: number }

/** `tollgate backtest`: exit code 0, or 1 when a line could not be read. */
export async function backtestCommand(invocation: Invocation): Promise<number> {
  const { hands } = invocation
  const sides = sidesOf(invocation)
  const recording = recordingOf(invocation)
  const comparison = openComparison(
    await hands.openReplay(sides.a),
    await hands.openReplay(sides.b),
  )
  const read = await recording(comparison)
  const report = reportOn({ ...read, ...sides.named, compared: comparison.compared() })
  hands.out(backtestText(report))
  const json = textOption(invocation, 'json')
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  const html = textOption(invocation, 'html')
  if (html !== undefined) writeFileSync(html, backtestPage(report))
  return read.malformed === 0 ? 0 : 1
}

function sidesOf(invocation: Invocation) {
  const side = (name: 'a' | 'b') => {
    const rules = textOption(invocation, name)
    if (rules === undefined) throw new UsageError(`--${name} takes a folder of rules`)
    return { rules, model: textOption(invocation, `model-${name}`) }
  }
  const [a, b] = [side('a'), side('b')]
  const named = ({ rules, model }: typeof a) => ({ rules, model: model ?? 'models/forest.json' })
  return { a, b, named: { a: named(a), b: named(b) } }
}

/** The traffic to run: a file of events, standard input, or what the database keeps. */
function recordingOf(invocation: Invocation): (comparison: Comparison) => Promise<Read> {
  const { hands, positionals, values } = invocation
  const [source] = positionals
  const fromDb = values['from-db'] === true
  if (fromDb === (source !== undefined)) {
    throw new UsageError('takes either a file of events or --from-db')
  }
  if (!fromDb && values.days !== undefined) throw new UsageError('--days goes with --from-db')
  const days = numberOption(invocation, 'days', { least: 1, most: DAYS_MAX }) ?? DAYS_DEFAULT
  if (source === undefined) {
    return async (comparison) => {
      const books = await hands.openBooks()
      try {
        return await applyAll(comparison, storedEvents(books, books.nowMs() - days * DAY_MS))
      } finally {
        await books.close()
      }
    }
  }
  return (comparison) => applyLines(hands, source, comparison)
}

async function applyAll(comparison: Comparison, told: AsyncIterable<ToldEvent>): Promise<Read> {
  let events = 0
  for await (const { event, truth } of told) {
    events++
    await comparison.apply(event, truth)
  }
  return { events, malformed: 0 }
}

async function applyLines(hands: Hands, source: string, comparison: Comparison): Promise<Read> {
  const input = source === '-' ? process.stdin : createReadStream(source)
  if (source !== '-') await once(input, 'open').catch(() => noSuchFile(source))
  let [number, events, malformed] = [0, 0, 0]
  for await (const lines of linesOf(input)) {
    for (const line of lines) {
      number++
      if (line.trim() === '') continue
      const read = readEvent(line)
      if (read.kind === 'malformed') {
        malformed++
        hands.err(`line ${number}: ${read.reason}\n`)
        continue
      }
      events++
      await comparison.apply(read.event, truthIn(line))
    }
  }
  return { events, malformed }
}

const noSuchFile = (source: string): never => {
  throw new UsageError(`there is no file ${source} to read`)
}

/** What a recording says of its own events. Within a text its quotes would be escaped. */
function truthIn(line: string): ToldEvent['truth'] {
  const told = /"truth"\s*:\s*"(fraud|legit)"/.exec(line)?.[1]
  return told === 'fraud' || told === 'legit' ? told : undefined
}
