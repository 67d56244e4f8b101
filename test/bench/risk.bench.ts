/**
 * What a decision costs, and our forest beside ml-random-forest: `npm run bench:risk [-- ROWS]`. ml-random-forest's time grows
 * with the square of the rows: 1,000 take it ten seconds, 8,000 minutes.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { gzipSync } from 'node:zlib'
import { forestLines } from './compare-forests.ts'
import { decisionLines, quantilesOf, timeDecisions } from './time-decisions.ts'

const ROWS = Number(process.argv[2] ?? 1_000)
const ROUNDS = 3
const MODEL_GOAL_KIB = 200

const say = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n\n`)
const gzippedKib = (path: string) =>
  gzipSync(readFileSync(new URL(path, import.meta.url)), { level: 9 }).length / 1_024

say([
  `Node ${process.versions.node}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown machine'}`,
])
const timed = []
for (let seed = 1; seed <= ROUNDS; seed++) timed.push(quantilesOf(await timeDecisions(seed)))
say(decisionLines(timed))
say(forestLines(ROWS, ROUNDS))
say([
  `models/forest.json, gzipped        ${gzippedKib('../../models/forest.json').toFixed(1)} KiB (goal: < ${MODEL_GOAL_KIB})`,
  `models/forest.edge.json, gzipped   ${gzippedKib('../../models/forest.edge.json').toFixed(1)} KiB`,
])
