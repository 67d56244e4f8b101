import { TrainingRefused } from '../../risk/model/refusals.ts'
import { type Collected, gather, type Part } from './collect.ts'
import type { Parts } from './train-model.ts'

/** Fewer say nothing about hundreds of features. */
const ROWS_MIN = 1_000
const CLASS_MIN = 50
/** About 400 MB of features. */
export const ROWS_MAX = 150_000
/** Older rows teach, the next calibrate and the newest measure. */
const TRAIN_SHARE = 0.6
const CALIBRATION_SHARE = 0.2

/** `campaign` names an attack that must not be in two parts: a forest that met it before would be measured on what it remembers. */
export type Dated = Collected & { readonly campaign?: string | undefined }
export type Split = { readonly parts: Parts; readonly sameCampaign: number }

/** Throws `TrainingRefused`, with the counts, when there are too few rows or one class is missing. */
export function refuseFew(
  rows: readonly Collected[],
  { whose, leftOut }: { readonly whose: string; readonly leftOut: string },
): void {
  const fraud = rows.filter(({ label }) => label === 1).length
  const legit = rows.length - fraud
  if (rows.length >= ROWS_MIN && fraud >= CLASS_MIN && legit >= CLASS_MIN) return
  throw new TrainingRefused(
    [
      `${whose} ${rows.length} labelled requests, ${fraud} of fraud and ${legit} legit; it takes ${ROWS_MIN}, ${CLASS_MIN} of each`,
      `(${leftOut})`,
    ].join(' '),
  )
}

/** Rows in any order as three parts, each later than the one before. A later part loses the rows of campaigns that began in an earlier one. */
export async function splitByTime(
  rows: readonly Dated[],
  features: readonly string[],
): Promise<Split> {
  const dated = rows.toSorted((one, other) => one.t - other.t)
  const calibrateFrom = Math.floor(dated.length * TRAIN_SHARE)
  const testFrom = Math.floor(dated.length * (TRAIN_SHARE + CALIBRATION_SHARE))
  const begun = new Set<string>()
  let sameCampaign = 0
  const part = async (name: string, from: number, to: number): Promise<Part> => {
    const all = dated.slice(from, to)
    const some = all.filter(({ campaign }) => campaign === undefined || !begun.has(campaign))
    sameCampaign += all.length - some.length
    for (const { campaign } of some) if (campaign !== undefined) begun.add(campaign)
    refuseOneClass(name, some)
    return gather(features, streamOf(some))
  }
  const parts = {
    train: await part('training', 0, calibrateFrom),
    calibration: await part('calibration', calibrateFrom, testFrom),
    test: await part('test', testFrom, dated.length),
  }
  return { parts, sameCampaign }
}

function refuseOneClass(name: string, rows: readonly Collected[]): void {
  const fraud = rows.filter(({ label }) => label === 1).length
  if (fraud > 0 && fraud < rows.length) return
  throw new TrainingRefused(
    `the ${name} part, ${dayOf(rows.at(0))} to ${dayOf(rows.at(-1))}, has ${fraud} requests of fraud and ${rows.length - fraud} legit: it takes both`,
  )
}

const dayOf = (row: Collected | undefined): string =>
  new Date(row?.t ?? 0).toISOString().slice(0, 10)

async function* streamOf(rows: readonly Collected[]): AsyncGenerator<Collected> {
  yield* rows
}
