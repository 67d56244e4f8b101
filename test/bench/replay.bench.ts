import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { medianOf } from './load.ts'

/** Events a second of `tollgate replay`, as its users start it, from the start of the process to its end, on a simulated recording. */
const EVENTS = 200_000
const ROUNDS = 3

const run = promisify(execFile)
const entry = fileURLToPath(new URL('../../src/cli/launch.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-'))
const [events, answers] = [join(folder, 'events.ndjson'), join(folder, 'answers.ndjson')]
const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  await run(process.execPath, [
    entry,
    'simulate',
    '--days',
    '30',
    '--events',
    `${EVENTS}`,
    '--out',
    events,
  ])
  say(
    `${EVENTS} events, ${ROUNDS} rounds, one process on a machine with ${availableParallelism()} cores`,
  )
  const rates: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const startedAtMs = performance.now()
    await run(process.execPath, [entry, 'replay', events, '--out', answers])
    rates.push(EVENTS / ((performance.now() - startedAtMs) / 1_000))
    say(`round ${round}: ${rates.at(-1)?.toFixed(0)} events a second`)
  }
  say(`median: ${medianOf(rates).toFixed(0)} events a second (goal: 20000)`)
} finally {
  await rm(folder, { recursive: true })
}
