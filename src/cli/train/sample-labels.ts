import { isSampled } from '../../domain/decision.ts'
import { labelOf, type StoredRequest } from '../../flows/stored-traffic.ts'

/** Whoever was challenged by lot and wanted in came back within this time; people try again, though not at once. */
const SETTLED_AFTER_MS = 86_400_000

export type SampleLabel = { readonly request: StoredRequest; readonly label: 0 | 1 }

/**
 * What became of the requests that were challenged by lot. 0: the number came back and solved the challenge or typed a code in. 1: it
 * did not within a day, or what it came back for was reported as fraud. A person who gives up at a challenge is mislabelled: about one in ten
 * of so small a share. What is younger than a day at the end has no label yet.
 */
export function openSampleLabels() {
  const waiting = new Map<string, StoredRequest>()
  const settled = function* (nowMs: number): Generator<SampleLabel> {
    for (const [key, request] of waiting) {
      if (nowMs - request.verification.createdAtMs < SETTLED_AFTER_MS) return
      waiting.delete(key)
      yield { request, label: 1 }
    }
  }
  return {
    /** Told of every request, oldest first; answers the labels that are certain by now. */
    *follow(request: StoredRequest): Generator<SampleLabel> {
      const { verification } = request
      yield* settled(verification.createdAtMs)
      const key = `${verification.accountId} ${verification.phone}`
      if (isLot(request)) {
        if (!waiting.has(key)) waiting.set(key, request)
        return
      }
      const sample = waiting.get(key)
      if (sample === undefined || !cameBack(request)) return
      waiting.delete(key)
      yield { request: sample, label: labelOf(request) === 'fraud' ? 1 : 0 }
    },
  }
}

/** Challenged by lot and by nothing else, and no operator said what it was. */
export const isLot = ({ verification, report }: StoredRequest): boolean =>
  report === undefined && verification.state === 'challenged' && isSampled(verification.decision)

const cameBack = ({ verification }: StoredRequest): boolean =>
  verification.decision.challengePassed || verification.state === 'approved'
