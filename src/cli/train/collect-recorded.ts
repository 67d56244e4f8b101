import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { ReplayEvent } from '../../flows/replay.ts'
import { TrainingRefused } from '../../risk/model/refusals.ts'
import { type Hands, UsageError } from '../command.ts'
import { linesOf } from '../lines.ts'
import { readEvent } from '../replay-events.ts'
import { type Dated, ROWS_MAX, refuseFew, splitByTime } from './split-by-time.ts'
import type { Parts, RecordedSource } from './train-model.ts'

export type RecordedParts = { readonly parts: Parts; readonly source: RecordedSource }

/**
 * Labelled requests of recordings in replay format, with the features that the server's own flows compute when the rules in force
 * decide alone. Each file is replayed by itself. Throws `TrainingRefused` for a line that cannot be read, with file and line, and
 * when there are too few rows, too many, or one class is missing.
 */
export async function collectRecorded(
  hands: Pick<Hands, 'openReplay'>,
  files: readonly string[],
  features: readonly string[],
): Promise<RecordedParts> {
  const rows: Dated[] = []
  let unlabelled = 0
  for (const file of files) {
    const told = await toldIn(file)
    for await (const row of rowsOf(hands, file, told)) {
      if (row === 'unlabelled') unlabelled++
      else if (rows.push(row) > ROWS_MAX)
        throw new TrainingRefused(`more than ${ROWS_MAX} labelled requests: give fewer recordings`)
    }
  }
  refuseFew(rows, { whose: 'the recordings hold', leftOut: `${unlabelled} have no label` })
  const { parts, sameCampaign } = await splitByTime(rows, features)
  const recordings = files.length
  return { parts, source: { recordings, labelled: rows.length, unlabelled, sameCampaign } }
}

/** What a recording says of one of its requests. */
type Told = {
  readonly label: 0 | 1 | undefined
  readonly scenario: string | undefined
  readonly campaign: string | undefined
}
type Case = Omit<Told, 'label'> & {
  readonly truth: string | undefined
  reported?: 'fraud' | 'legit'
  verified?: boolean
}

/** By request: its `truth` where the recording has one, else a report, else a right code for legit. */
async function toldIn(file: string): Promise<ReadonlyMap<string, Told>> {
  const cases = new Map<string, Case>()
  for await (const { event, line } of eventsIn(file)) {
    if (event.type === 'issue') {
      cases.set(event.ref, caseOf(file, line))
      continue
    }
    const known = cases.get(event.ref)
    if (known === undefined) continue
    if (event.type === 'check' && event.correct) known.verified = true
    if (event.type === 'report') known.reported = event.label
  }
  return new Map([...cases].map(([ref, one]) => [ref, { ...one, label: labelOf(one) }]))
}

function caseOf(file: string, line: string): Case {
  const { truth, scenario, campaign } = JSON.parse(line) as Record<string, unknown>
  const attack = textOf(campaign)
  return {
    truth: textOf(truth),
    scenario: textOf(scenario),
    campaign: attack && `${file} ${attack}`,
  }
}

function labelOf({ truth, reported, verified }: Case): 0 | 1 | undefined {
  const said = truth ?? reported ?? (verified === true ? 'legit' : undefined)
  if (said === 'fraud') return 1
  return said === 'legit' ? 0 : undefined
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** One row, or the word that nobody knows, for every request that was decided on. */
async function* rowsOf(
  hands: Pick<Hands, 'openReplay'>,
  file: string,
  told: ReadonlyMap<string, Told>,
): AsyncGenerator<Dated | 'unlabelled'> {
  let seen: Float64Array | undefined
  const onVector = (vector: Float64Array) => {
    seen = vector
  }
  const replay = await hands.openReplay({ rules: undefined, model: false, onVector })
  for await (const { event } of eventsIn(file)) {
    seen = undefined
    await replay.apply(event)
    if (event.type !== 'issue' || seen === undefined) continue
    const { label, scenario, campaign } = told.get(event.ref) ?? NOT_TOLD
    if (label === undefined) yield 'unlabelled'
    else {
      const known = { t: event.t, seed: 0, campaign, ...(scenario && { scenario }) }
      yield { vector: Float64Array.from(seen), label, ...known }
    }
  }
}

const NOT_TOLD: Told = { label: undefined, scenario: undefined, campaign: undefined }

async function* eventsIn(
  file: string,
): AsyncGenerator<{ readonly event: ReplayEvent; readonly line: string }> {
  const input = createReadStream(file)
  await once(input, 'open').catch(() => {
    throw new UsageError(`there is no file ${file} to read`)
  })
  let number = 0
  for await (const lines of linesOf(input)) {
    for (const line of lines) {
      number++
      if (line.trim() === '') continue
      const read = readEvent(line)
      if (read.kind === 'malformed')
        throw new TrainingRefused(`${file}:${number}: ${read.reason}; nothing was trained`)
      yield { event: read.event, line }
    }
  }
}
