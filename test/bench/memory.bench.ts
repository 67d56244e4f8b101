/**
 * What a process holds for a million live numbers, and that a second million takes no more than the bounds allow:
 * `npm run bench:memory [-- NUMBERS]`. All goes through the flows of the server.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Held } from './feed-numbers.ts'

const NUMBERS = Number(process.argv[2] ?? 1_000_000)
const STEP = NUMBERS / 4

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** A process of its own, so that the second table starts from nothing too. */
async function feed(size: 'roomy' | 'default', until: number): Promise<void> {
  const options = ['--expose-gc', '--max-old-space-size=12000', path('feed-numbers.ts')]
  const feeder = spawn(process.execPath, [...options, `${STEP}`, `${until}`, size], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let empty: Held | undefined
  for await (const line of createInterface({ input: feeder.stdout })) {
    const held = JSON.parse(line) as Held
    empty ??= held
    say(rowOf(held, empty))
  }
  if (feeder.exitCode === null && feeder.signalCode === null) await once(feeder, 'exit')
  if (feeder.exitCode !== 0) throw new Error(`ended early: ${feeder.signalCode ?? feeder.exitCode}`)
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
