import type { Outcomes } from './auditor.ts'
import type { People } from './people.ts'
import type { Fate, Truth } from './truth.ts'
import type { Mode } from './weather.ts'

export type Measured = {
  readonly sends: number
  readonly people: People['tally']
  readonly runs: number
  /** Sends that another channel took over from. */
  readonly fellBack: number
  readonly steps: number
  readonly outcomes: Outcomes
  /** Sends whose text came to the phone in time, ours and those of the oracle, as shares of all sends. */
  readonly arrived: number
  readonly oracleArrived: number
  /** What our acceptances cost above what the cheapest healthy provider would have taken for the same sends. */
  readonly extraCost: number
  /** Sends that more than one provider took, or one twice. */
  readonly twice: number
  /** Seconds from the request to the text: median and 99th of a hundred. */
  readonly secondsToPhone: { readonly median: number; readonly p99: number }
  /** Sends that did not arrive, by the state of the provider that took them; `nobody` took the rest. */
  readonly lostBy: ReadonlyMap<Mode | 'nobody' | 'dead number', number>
  readonly errors: ReadonlyMap<string, number>
  /** What the auditor found wrong at the end. */
  readonly complaints: readonly string[]
}

export type Counted = {
  readonly truth: Truth
  readonly tally: People['tally']
  readonly outcomes: Outcomes
  readonly complaints: readonly string[]
  readonly steps: number
  readonly errors: ReadonlyMap<string, number>
}

export function measure({ truth, tally, outcomes, complaints, steps, errors }: Counted): Measured {
  const fates = [...truth.fates.values()]
  const share = (count: number) => count / fates.length
  const arrived = fates.filter(({ arrivals }) => arrivals > 0)
  const seconds = arrived
    .map(({ openedAtMs, firstArrivalMs = 0 }) => (firstArrivalMs - openedAtMs) / 1_000)
    .sort((one, other) => one - other)
  const quantile = (at: number) => seconds[Math.floor(at * (seconds.length - 1))] ?? Number.NaN
  const taken = fates.filter((fate) => fate.taken.length > 0)
  const paid = sumOf(taken.flatMap((fate) => fate.taken.map(({ costMicros }) => costMicros)))
  const cheapest = sumOf(taken.map(cheapestOf))
  return {
    sends: fates.length,
    people: tally,
    runs: truth.runs,
    fellBack: truth.fellBack.length,
    steps,
    outcomes,
    arrived: share(arrived.length),
    oracleArrived: share(sumOf(fates.map(({ isDead, oracle }) => (isDead ? 0 : oracle.share)))),
    extraCost: paid / cheapest - 1,
    twice: fates.filter((fate) => fate.taken.length > 1).length,
    secondsToPhone: { median: quantile(0.5), p99: quantile(0.99) },
    lostBy: lostBy(fates),
    errors,
    complaints,
  }
}

/** Where nobody was healthy there is nothing to compare with. */
const cheapestOf = ({ oracle, taken }: Fate): number =>
  oracle.costMicros ?? taken[0]?.costMicros ?? 0

const sumOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0)

function lostBy(fates: readonly Fate[]): Measured['lostBy'] {
  const lost = new Map<Mode | 'nobody' | 'dead number', number>()
  for (const { arrivals, isDead, taken } of fates) {
    if (arrivals > 0) continue
    const by = isDead ? 'dead number' : (taken.at(-1)?.mode ?? 'nobody')
    lost.set(by, (lost.get(by) ?? 0) + 1)
  }
  return lost
}

/** The figures as lines of text. */
export function reportOf(measured: Measured): readonly string[] {
  const { people, outcomes, secondsToPhone, lostBy, errors, complaints } = measured
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  const listed = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  return [
    `requests ${people.asked}, turned away ${people.turnedAway}, asked again ${people.resends}, codes typed ${people.approved}`,
    `sends ${measured.sends}, crashes ${measured.runs - 1}, steps ${measured.steps}`,
    `verifications: delivered ${outcomes.delivered}, failed ${outcomes.failed}, expired ${outcomes.expired}`,
    `arrived ${percent(measured.arrived)}, oracle ${percent(measured.oracleArrived)}, share of the oracle ${(measured.arrived / measured.oracleArrived).toFixed(4)}`,
    `cost above the cheapest healthy provider ${percent(measured.extraCost)}`,
    `texts taken twice ${measured.twice} of ${measured.sends}`,
    `seconds from request to phone: median ${secondsToPhone.median.toFixed(1)}, 99th ${secondsToPhone.p99.toFixed(1)}`,
    `not arrived, by what their provider was doing: ${listed(lostBy)}`,
    `errors logged: ${listed(errors)}`,
    `audit: ${complaints.length} complaints${complaints.slice(0, 5).map((each) => `\n  ${each}`)}`,
  ]
}
