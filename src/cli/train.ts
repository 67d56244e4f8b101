import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CATALOGUE_ID, MODEL_FEATURES } from '../risk/feature-catalogue.ts'
import { type ExpectedCatalogue, toEdgeModel } from '../risk/model/model.ts'
import { TrainingRefused } from '../risk/model/refusals.ts'
import { type Invocation, numberOption, textOption, UsageError } from './command.ts'
import { calibrationPlot } from './train/calibration-plot.ts'
import type { Collect } from './train/collect.ts'
import { collectBy } from './train/collect-by-replay.ts'
import { collectRecorded } from './train/collect-recorded.ts'
import { collectStored } from './train/collect-stored.ts'
import { modelCard } from './train/model-card.ts'
import { DEFAULT_REQUEST, type Trained, trainModel, trainOnParts } from './train/train-model.ts'

/** What training needs of the rooms above: the features, and a way to compute them over a recording. */
export type TrainingGround = {
  readonly catalogue: ExpectedCatalogue
  readonly collect: Collect
}

/** `tollgate train`: on given recordings, the operator's books, or simulated traffic, with the features that the server's own flows compute. */
export function trainCommand(invocation: Invocation): Promise<number> {
  const catalogue = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }
  const isFromDb = invocation.values['from-db'] === true
  const hasFiles = invocation.positionals.length > 0
  if (isFromDb && hasFiles) throw new UsageError('takes either files of events or --from-db')
  if (!isFromDb && invocation.values.days !== undefined)
    throw new UsageError('--days goes with --from-db')
  if (isFromDb) return trainOnBooks(catalogue, invocation)
  if (hasFiles) return trainOnFiles(catalogue, invocation)
  return trainOn({ catalogue, collect: collectBy(invocation.hands) }, invocation)
}

/** Trains and writes the model, its card and its calibration plot beside each other. A failure leaves the old files. */
export function trainOn(ground: TrainingGround, invocation: Invocation): Promise<number> {
  return writeTrained(invocation, (seed) =>
    trainModel({ ...DEFAULT_REQUEST, seed, catalogue: ground.catalogue }, ground.collect),
  )
}

async function writeTrained(
  invocation: Invocation,
  train: (seed: number) => Promise<Trained>,
): Promise<number> {
  const { hands } = invocation
  const seed =
    numberOption(invocation, 'seed', { least: 0, most: 1_000_000 }) ?? DEFAULT_REQUEST.seed
  const file =
    textOption(invocation, 'out') ?? fileURLToPath(new URL('models/forest.json', hands.home))
  try {
    const trained = await train(seed)
    hands.out(`${writeModel(file, trained).join('\n')}\n${closingLine(trained)}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof TrainingRefused)) throw error
    hands.err(`tollgate train: ${error.message}\n`)
    return 1
  }
}

/** `tollgate train --from-db`: on what the operator's own database keeps. */
async function trainOnBooks(catalogue: ExpectedCatalogue, invocation: Invocation): Promise<number> {
  const { hands } = invocation
  const days = numberOption(invocation, 'days', { least: 1, most: DAYS_MAX }) ?? DAYS_DEFAULT
  const books = await hands.openBooks()
  return writeTrained(invocation, async (seed) => {
    try {
      const fromMs = books.nowMs() - days * DAY_MS
      const { parts, source } = await collectStored(books, fromMs, catalogue.features)
      return trainOnParts(
        { ...DEFAULT_REQUEST, ...UNSIMULATED, seed, catalogue, stored: source },
        parts,
      )
    } finally {
      await books.close()
    }
  })
}

/** `tollgate train EVENTS…`: on recordings in replay format. */
function trainOnFiles(catalogue: ExpectedCatalogue, invocation: Invocation): Promise<number> {
  const { hands, positionals } = invocation
  return writeTrained(invocation, async (seed) => {
    const { parts, source } = await collectRecorded(hands, positionals, catalogue.features)
    const request = { ...DEFAULT_REQUEST, ...UNSIMULATED, seed, catalogue, recorded: source }
    return trainOnParts(request, parts)
  })
}

const DAY_MS = 86_400_000
const DAYS_DEFAULT = 90
const DAYS_MAX = 3_660
const UNSIMULATED = {
  days: 0,
  scale: 0,
  trainRuns: 0,
  calibrationRuns: 0,
  testRuns: 0,
  heldOut: [],
}

/** Writes `NAME.json`, `NAME.edge.json`, `NAME.md` and `NAME.svg`; answers their paths. Each appears whole or not at all. */
export function writeModel(file: string, { text, report }: Trained): readonly string[] {
  const stem = join(dirname(file), basename(file, '.json'))
  mkdirSync(dirname(file), { recursive: true })
  const plot = `${stem}.svg`
  writeWhole(plot, calibrationPlot(report.reliability))
  writeWhole(`${stem}.md`, modelCard(report, basename(plot)))
  const edge = `${stem}.edge.json`
  writeWhole(edge, toEdgeModel(text))
  writeWhole(file, text)
  return [file, edge, `${stem}.md`, plot]
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

function closingLine({ report: { version, metrics, parts, gzippedBytes } }: Trained): string {
  const kibibytes = (gzippedBytes / 1_024).toFixed(0)
  return `${version}: ${parts.train.rows} requests, AUC ${metrics.auc.toFixed(4)}, average precision ${metrics.averagePrecision.toFixed(4)}, ${kibibytes} KiB gzipped`
}
