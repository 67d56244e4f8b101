/**
 * What a process holds for a million live numbers: `npm run bench:memory [-- NUMBERS]`, half an hour for a million. People,
 * networks, accounts and attacks are those of the simulator, and all goes through the flows of the server.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Held } from './feed-numbers.ts'

const NUMBERS = Number(process.argv[2] ?? 1_000_000)
const STEP = NUMBERS / 4
/** So busy a world that a million numbers come within three days, well inside the week that counters reach back. */
const SCALE = (60 * NUMBERS) / 1_000_000
const DAYS = 30

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** The shell's pipe lets the simulator wait for the reader, where one of ours would keep what is not read yet. */
const PIPELINE =
  '"$0" "$1" simulate --days "$2" --scale "$3" 2>/dev/null | "$0" --expose-gc --max-old-space-size=12000 "$4" "$5" "$6" "$7"'

/** Runs until so many numbers have come and tells what was held on the way. */
async function feed(size: 'roomy' | 'default', until: number): Promise<void> {
  const entry = path('../../src/node.ts')
  const options = [`${DAYS}`, `${SCALE}`, path('feed-numbers.ts'), `${STEP}`, `${until}`, size]
  const pipeline = spawn('sh', ['-c', PIPELINE, process.execPath, entry, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let empty: Held | undefined
  for await (const line of createInterface({ input: pipeline.stdout })) {
    const held = JSON.parse(line) as Held
    empty ??= held
    say(rowOf(held, empty))
  }
}

const column = (value: number, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits }).padStart(12)

function rowOf(one: Held, empty: Held): string {
  const perNumber = ((one.usedMib - empty.usedMib) * 2 ** 20) / Math.max(1, one.numbers)
  const columns = [one.numbers, one.events, one.subjects, one.cells, one.rssMib, one.usedMib]
  return [
    ...columns.map((value) => column(value)),
    column(one.days, 1),
    one.numbers === 0 ? '' : column(perNumber),
  ].join('')
}

const HEAD = ['numbers', 'events', 'subjects', 'cells', 'RSS MiB', 'used MiB', 'days', 'B a number']
  .map((name) => name.padStart(12))
  .join('')

say('Room for all: nothing that is live is forgotten')
say(HEAD)
await feed('roomy', NUMBERS)
say('')
say('As a server runs: at most 1,000,000 subjects and 200,000 cells')
say(HEAD)
await feed('default', 2 * NUMBERS)
