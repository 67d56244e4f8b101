import type { Outcome } from '../../domain/decision.ts'
import type { Replay, ReplayAnswer, ReplayEvent } from '../../flows/replay.ts'
import { parsePhone } from '../../risk/phone-facts.ts'
import { NO_PHONE_DATA } from '../../risk/phone-index.ts'

export type Label = 'good' | 'bad' | 'unknown'
export type Truth = 'fraud' | 'legit' | undefined

type Decided = Extract<ReplayAnswer, { decision: Outcome }>

/** What one side did with one request. */
export type SideAnswer = {
  readonly outcome: Outcome
  readonly sent: boolean
  /** The first reason of a refusal or a challenge, else empty. */
  readonly reason: string
}

/** One request under both policies. */
export type Compared = {
  readonly t: number
  readonly country: string
  /** Micros of one send. */
  readonly price: number
  readonly a: SideAnswer
  readonly b: SideAnswer
  readonly label: Label
}

type Case = Omit<Compared, 'label'> & { told: Truth; reported: Truth; verified: boolean }

export type Comparison = {
  readonly apply: (event: ReplayEvent, truth: Truth) => Promise<void>
  /** Every request so far, in the order of the recording. */
  readonly compared: () => readonly Compared[]
}

/**
 * Runs the same recording through two policies, event by event, each with counters of its own. What a request was, is taken from the
 * recording: its `truth` where it has one, else a report, else a right code for good; the rest is unknown.
 */
export function openComparison(a: Replay, b: Replay): Comparison {
  const cases = new Map<string, Case>()
  return {
    apply: async (event, truth) => {
      const answers = [await a.apply(event), await b.apply(event)] as const
      if (event.type === 'issue') {
        const [first, second] = answers
        assertDecided(first)
        assertDecided(second)
        cases.set(event.ref, caseOf(event, truth, [first, second]))
        return
      }
      const known = cases.get(event.ref)
      if (known === undefined) return
      if (event.type === 'check' && event.correct) known.verified = true
      if (event.type === 'report') known.reported = event.label
    },
    compared: () => [...cases.values()].map((each) => ({ ...each, label: labelOf(each) })),
  }
}

function assertDecided(answer: ReplayAnswer | undefined): asserts answer is Decided {
  if (answer === undefined || !('decision' in answer)) throw new Error('an issue is decided on')
}

function caseOf(
  event: Extract<ReplayEvent, { type: 'issue' }>,
  told: Truth,
  [a, b]: readonly [Decided, Decided],
): Case {
  const parsed = parsePhone(event.to, NO_PHONE_DATA)
  return {
    t: event.t,
    country: parsed.kind === 'phone' ? parsed.facts.country : 'none',
    price: Math.max(a.price_micros, b.price_micros),
    a: sideOf(a),
    b: sideOf(b),
    told,
    reported: undefined,
    verified: false,
  }
}

const sideOf = ({ decision, sent, reasons }: Decided): SideAnswer => ({
  outcome: decision,
  sent,
  reason: decision === 'allow' ? '' : (reasons[0] ?? 'none'),
})

function labelOf({ told, reported, verified }: Case): Label {
  const truth = told ?? reported
  if (truth !== undefined) return truth === 'fraud' ? 'bad' : 'good'
  return verified ? 'good' : 'unknown'
}
