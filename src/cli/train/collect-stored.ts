import {
  labelOf,
  type StoredBooks,
  type StoredRequest,
  storedTraffic,
} from '../../flows/stored-traffic.ts'
import { TrainingRefused } from '../../risk/model/refusals.ts'
import { recordedFeatures } from '../../risk/recorded-features.ts'
import type { Collected } from './collect.ts'
import { openSampleLabels } from './sample-labels.ts'
import { ROWS_MAX, refuseFew, splitByTime } from './split-by-time.ts'
import type { Parts, StoredSource } from './train-model.ts'

export type StoredParts = { readonly parts: Parts; readonly source: StoredSource }

/**
 * Labelled requests from an operator's own books, split by time. Throws `TrainingRefused`, with the counts, when there are too few,
 * too many, or one class is missing.
 */
export async function collectStored(
  books: StoredBooks,
  fromMs: number,
  features: readonly string[],
): Promise<StoredParts> {
  const { rows, source, keep } = openRows()
  const samples = openSampleLabels()
  for await (const request of storedTraffic(books, fromMs)) {
    for (const sample of samples.follow(request)) {
      source.unlabelled--
      if (keep(sample)) source[sample.label === 0 ? 'samplesPassed' : 'samplesFailed']++
    }
    keep({ request, label: trainingLabel(request) })
  }
  const { unlabelled, otherCatalogue } = source
  const leftOut = `${unlabelled} have no label and ${otherCatalogue} were decided on other features`
  refuseFew(rows, { whose: 'the books hold', leftOut })
  const { parts } = await splitByTime(rows, features)
  return { parts, source }
}

type Labelled = { readonly request: StoredRequest; readonly label: 0 | 1 | undefined }

/** Labelled rows so far, with what was counted. `keep` says whether it took the row. */
function openRows() {
  const rows: Collected[] = []
  const source = {
    labelled: 0,
    unlabelled: 0,
    otherCatalogue: 0,
    samplesPassed: 0,
    samplesFailed: 0,
  }
  const keep = ({ request, label }: Labelled): boolean => {
    if (label === undefined) {
      source.unlabelled++
      return false
    }
    const row = rowOf(request, label)
    if (row === undefined) {
      source.otherCatalogue++
      return false
    }
    if (rows.length >= ROWS_MAX) {
      throw new TrainingRefused(`more than ${ROWS_MAX} labelled requests: go back fewer --days`)
    }
    rows.push(row)
    source.labelled++
    return true
  }
  return { rows, source, keep }
}

function rowOf({ verification }: StoredRequest, label: 0 | 1): Collected | undefined {
  const recorded = recordedFeatures(verification.decision.features)
  return recorded && { vector: recorded.vector, label, t: verification.createdAtMs, seed: 0 }
}

/**
 * 1: reported as fraud, by itself or by its number, address or range. 0: reported as legit, or its code came back and nobody
 * reported anything. Left out, because nobody knows: codes that were not typed in where nothing was reported (bad delivery looks
 * the same), codes that came back in a reported range or from a reported address (a person, or an aggregator that answers
 * himself), and refused requests that were not reported; those challenged by lot get their labels from `sample-labels.ts`.
 */
export function trainingLabel(request: StoredRequest): 0 | 1 | undefined {
  const { verification, report } = request
  const label = labelOf(request)
  if (label === undefined) return undefined
  if (label === 'legit') return 0
  const byNeighbour = report?.range !== undefined || report?.ip !== undefined
  return byNeighbour && verification.state === 'approved' ? undefined : 1
}
