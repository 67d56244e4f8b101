import { closeSync, openSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Invocation, numberOption, textOption, UsageError } from './command.ts'
import { linesOf } from './lines.ts'
import { playLive } from './simulate/live.ts'
import { isScenario, SCENARIO_NAMES, type ScenarioName } from './simulate/scenarios.ts'
import {
  isWorld,
  type SimulationOptions,
  simulate,
  WORLD_NAMES,
  type WorldName,
} from './simulate/simulate.ts'

const CHUNK_CHARACTERS = 1 << 16

/** Writes one event a line, in replay format, to a file or to standard output. */
export async function simulateCommand(invocation: Invocation): Promise<number> {
  const options: SimulationOptions = {
    world: worldOf(textOption(invocation, 'world')),
    seed: numberOption(invocation, 'seed', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 1,
    days: numberOption(invocation, 'days', { least: 0.01, most: 3_650 }) ?? 1,
    scale: numberOption(invocation, 'scale', { least: 0.001, most: 10_000 }) ?? 1,
    scenarios: scenariosOf(textOption(invocation, 'scenarios')),
  }
  const most =
    numberOption(invocation, 'events', { least: 1, most: Number.MAX_SAFE_INTEGER }) ??
    Number.POSITIVE_INFINITY
  const sink = openSink(invocation)
  try {
    if (invocation.values.live === true) {
      const answers = singleLines(process.stdin)
      await playLive({ write: sink.write, answers, events: simulate(options), most })
    } else {
      writeAll(sink, options, most)
    }
  } finally {
    sink.close()
  }
  return 0
}

async function* singleLines(input: Readable): AsyncGenerator<string> {
  for await (const lines of linesOf(input)) yield* lines
}

/** Nobody answers, so everything counts as sent. */
function writeAll(sink: Sink, options: SimulationOptions, most: number): void {
  let left = most
  let chunk = ''
  for (const event of simulate(options)) {
    chunk += `${JSON.stringify(event)}\n`
    if (chunk.length > CHUNK_CHARACTERS) {
      sink.write(chunk)
      chunk = ''
    }
    if (--left <= 0) break
  }
  sink.write(chunk)
}

function worldOf(name = 'a'): WorldName {
  if (isWorld(name)) return name
  throw new UsageError(`there is no world '${name}'; there are ${WORLD_NAMES.join(', ')}`)
}

function scenariosOf(text: string | undefined): readonly ScenarioName[] {
  if (text === undefined || text === 'all') return SCENARIO_NAMES
  return text.split(',').map((name) => {
    const trimmed = name.trim()
    if (isScenario(trimmed)) return trimmed
    throw new UsageError(
      `there is no scenario '${trimmed}'; there are ${SCENARIO_NAMES.join(', ')}`,
    )
  })
}

type Sink = { readonly write: (text: string) => void; readonly close: () => void }

/** Files are written synchronously: the generator waits for the disk and memory stays flat. */
function openSink(invocation: Invocation): Sink {
  const path = textOption(invocation, 'out')
  if (path === undefined || path === '-') {
    return { write: invocation.hands.out, close: () => undefined }
  }
  const file = open(path)
  return {
    write: (text) => {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    },
    close: () => closeSync(file),
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : error}`)
  }
}
