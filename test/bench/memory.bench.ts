/**
 * What a process holds for a million live numbers: `npm run bench:memory [-- NUMBERS]`, half an hour for a million. People,
 * networks, accounts and attacks are those of the simulator, and all goes through the flows of the server.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Held } from './feed-numbers.ts'

const NUMBERS = Number(process.argv[2] ?? 1_000_000)
const STEPS_OF_A_MILLION = 4
/** So busy a world that a million numbers come within three days, well inside the week that counters reach back. */
const SCALE = (60 * NUMBERS) / 1_000_000
const DAYS = 30

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs until so many numbers have come and tells what was held on the way. */
async function held(size: 'roomy' | 'default', until: number): Promise<readonly Held[]> {
  const simulator = spawn(
    process.execPath,
    [path('../../src/node.ts'), 'simulate', '--days', `${DAYS}`, '--scale', `${SCALE}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const feeder = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=12000',
      path('feed-numbers.ts'),
      `${NUMBERS / STEPS_OF_A_MILLION}`,
      size,
    ],
    { stdio: [simulator.stdout, 'pipe', 'inherit'] },
  )
  const all: Held[] = []
  for await (const line of createInterface({ input: feeder.stdout })) {
    const one = JSON.parse(line) as Held
    all.push(one)
    say(rowOf(one, all[0] as Held))
    if (one.numbers >= until) break
  }
  feeder.kill()
  simulator.kill()
  return all
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
await held('roomy', NUMBERS)
say('')
say('As a server runs: at most 1,000,000 subjects and 200,000 cells')
say(HEAD)
await held('default', 2 * NUMBERS)
