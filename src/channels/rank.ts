import { drawShare, type Unit } from './beta.ts'
import type { RouteView } from './route-health.ts'

/** One provider that may carry the message. */
export type Candidate = {
  readonly providerId: string
  /** Place in the route's list. */
  readonly position: number
  /** Of one segment, call or message, in micros of the currency we pay in. */
  readonly costMicros: number
  readonly view: RouteView
  /** Its breaker is open for the country. */
  readonly isPaused: boolean
  /** It carried this verification's last message, and the person asked again. */
  readonly wasUsed: boolean
  /** Messages a second that it lets us send; undefined: as many as there are. */
  readonly ratePerSecond: number | undefined
  /** When it may be asked next by that rate; now where it may be asked at once. */
  readonly roomAtMs: number
}

export type Ranked = Candidate & {
  /** Share of messages that are accepted, arrive and are answered as usual. */
  readonly quality: number
  /** What the quality may be at best, with nine chances in ten. */
  readonly qualityAtBest: number
  readonly verdict: 'healthy' | 'worse' | 'used_before' | 'paused'
}

export type RankOptions = {
  /** Providers whose quality may be within this part of the best are as good as the best: the cheapest of them is asked first. */
  readonly tolerance: number
  /** Share of messages that may try somebody else first, chosen by Thompson sampling, so that a change for the better is noticed. */
  readonly explore: number
}

/** One-sided 90 % of the normal distribution. */
const AT_BEST = 1.2816
const VERDICTS = ['healthy', 'worse', 'used_before', 'paused'] as const

/**
 * Best first: the cheapest of those that are not known to be worse than the best, then the others by what a message that
 * arrives costs with them, then the one that was used before, then those that are paused. Equal ones by quality in
 * hundredths, by seconds to arrival, by the operator's own order. Pure.
 */
export function rank(candidates: readonly Candidate[], options: RankOptions): readonly Ranked[] {
  const judged = candidates.map((candidate) => ({ ...candidate, ...qualityOf(candidate.view) }))
  const best = Math.max(0, ...judged.filter(({ isPaused }) => !isPaused).map((one) => one.quality))
  const floor = best * (1 - options.tolerance)
  return judged.map((one): Ranked => ({ ...one, verdict: verdictOf(one, floor) })).sort(byRank)
}

function verdictOf(
  one: Candidate & { readonly qualityAtBest: number },
  floor: number,
): Ranked['verdict'] {
  if (one.isPaused) return 'paused'
  if (one.wasUsed) return 'used_before'
  return one.qualityAtBest >= floor ? 'healthy' : 'worse'
}

function byRank(one: Ranked, other: Ranked): number {
  const kind = VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict)
  if (kind !== 0) return kind
  const cost = costOf(one) - costOf(other)
  if (cost !== 0) return cost
  const quality = Math.round(other.quality * 100) - Math.round(one.quality * 100)
  if (quality !== 0) return quality
  return secondsOf(one) - secondsOf(other) || one.position - other.position
}

/** A worse provider costs what its lost messages cost as well. */
const costOf = ({ verdict, costMicros, quality }: Ranked): number =>
  verdict === 'worse' ? costMicros / Math.max(quality, 1e-6) : costMicros

const secondsOf = ({ view }: Candidate): number => Math.round((view.arrivalMs ?? 0) / 1_000)

/** The deviation of a product of shares is taken on the logarithm: sum of (1 - p) / (p n), the delta method. */
function qualityOf({ accepted, delivered, converted }: RouteView) {
  const shares = [accepted, delivered, converted]
  const quality = shares.reduce((product, { mean }) => product * mean, 1)
  const variance = shares.reduce(
    (sum, { mean, weight }) => sum + (1 - mean) / (Math.max(mean, 1e-6) * weight),
    0,
  )
  return { quality, qualityAtBest: Math.min(1, quality * Math.exp(AT_BEST * Math.sqrt(variance))) }
}

/**
 * The order in which one message goes. A small share of messages tries first whom a draw from what is known of each finds
 * best for its cost; all others, and all resends, keep the ranking.
 */
export function orderOf(
  ranked: readonly Ranked[],
  { explore }: RankOptions,
  unit: Unit,
): readonly Ranked[] {
  const [first] = ranked
  const open = ranked.filter(({ verdict }) => verdict === 'healthy' || verdict === 'worse')
  const isResend = ranked.some(({ wasUsed }) => wasUsed)
  if (first === undefined || open.length < 2 || isResend || unit() >= explore) return ranked
  const drawn = open.map((one) => ({ one, worth: drawWorth(one, unit) }))
  const chosen = drawn.reduce((best, each) => (each.worth > best.worth ? each : best)).one
  return [chosen, ...ranked.filter((each) => each !== chosen)]
}

/** Arrived messages for the money; a cost of nothing is taken as a micro. */
const drawWorth = ({ view, costMicros }: Ranked, unit: Unit): number =>
  (drawShare(view.accepted, unit) *
    drawShare(view.delivered, unit) *
    drawShare(view.converted, unit)) /
  Math.max(1, costMicros)
