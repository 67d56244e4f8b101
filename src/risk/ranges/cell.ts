/** Time constants of the three memories: the past hour, the past day, and what is ordinary. */
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PAST_MS = 14 * DAY_MS
export const MEMORY_MS = { hour: HOUR_MS, day: DAY_MS, past: PAST_MS } as const
/** Less past than this cannot say what an ordinary hour is. */
const PAST_LEAST_MS = 12 * HOUR_MS

/**
 * What happened at one destination, or group of destinations, to numbers that nobody knows. All counts decay exponentially,
 * so a cell has a fixed size and needs no clean-up of its own. Outcomes carry weights, see `Outcome`.
 */
export type Cell = {
  atMs: number
  firstMs: number
  asksHour: number
  asksDay: number
  asksPast: number
  /** Of a day: codes nobody typed, how many of them the past expects, the variance of that, and all outcomes. */
  unanswered: number
  expected: number
  variance: number
  outcomes: number
  /** Of two weeks, the last day included. */
  unansweredPast: number
  outcomesPast: number
  /** Cumulated price of unanswered codes above the expected, in units of the account's mean price; never below zero. */
  drift: number
  /** Of a day: conversions, those from another network, and the first two moments of the logarithm of their delay. */
  typed: number
  typedElsewhere: number
  delaySum: number
  delaySquares: number
  /** Of a day: requests whose number is next to one of the four before it. */
  neighbours: number
  /** Of a day: outcomes of sends that a challenge was solved for, and how many of them were unanswered. */
  passes: number
  passesUnanswered: number
  /** The four numbers asked for last, the newest first; below zero: none. Fields, since a list would be one more place to read. */
  lastNumber: number
  secondLast: number
  thirdLast: number
  fourthLast: number
}

const NO_NUMBER = -1_000

export function openCell(atMs: number): Cell {
  return {
    atMs,
    firstMs: atMs,
    asksHour: 0,
    asksDay: 0,
    asksPast: 0,
    unanswered: 0,
    expected: 0,
    variance: 0,
    outcomes: 0,
    unansweredPast: 0,
    outcomesPast: 0,
    drift: 0,
    typed: 0,
    typedElsewhere: 0,
    delaySum: 0,
    delaySquares: 0,
    neighbours: 0,
    passes: 0,
    passesUnanswered: 0,
    lastNumber: NO_NUMBER,
    secondLast: NO_NUMBER,
    thirdLast: NO_NUMBER,
    fourthLast: NO_NUMBER,
  }
}

/** Brings a cell forward in time. Time that runs back changes nothing. */
export function decay(cell: Cell, atMs: number): void {
  const passed = atMs - cell.atMs
  if (passed <= 0) return
  cell.atMs = atMs
  const day = Math.exp(-passed / DAY_MS)
  const past = Math.exp(-passed / PAST_MS)
  cell.asksHour *= Math.exp(-passed / HOUR_MS)
  cell.asksDay *= day
  cell.asksPast *= past
  cell.unanswered *= day
  cell.expected *= day
  cell.variance *= day
  cell.outcomes *= day
  cell.unansweredPast *= past
  cell.outcomesPast *= past
  cell.drift *= day
  cell.typed *= day
  cell.typedElsewhere *= day
  cell.delaySum *= day
  cell.delaySquares *= day
  cell.neighbours *= day
  cell.passes *= day
  cell.passesUnanswered *= day
}

const NEAR = 3
const isNext = (one: number, other: number): boolean =>
  one !== other && Math.abs(one - other) <= NEAR

/** `number` is the last nine digits of the phone number. */
export function countAsk(cell: Cell, number: number): void {
  cell.asksHour++
  cell.asksDay++
  cell.asksPast++
  const { lastNumber, secondLast, thirdLast, fourthLast } = cell
  const isBeside =
    isNext(lastNumber, number) ||
    isNext(secondLast, number) ||
    isNext(thirdLast, number) ||
    isNext(fourthLast, number)
  if (isBeside) cell.neighbours++
  rememberNumber(cell, number)
}

export function rememberNumber(cell: Cell, number: number): void {
  cell.fourthLast = cell.thirdLast
  cell.thirdLast = cell.secondLast
  cell.secondLast = cell.lastNumber
  cell.lastNumber = number
}

/**
 * How one send ended. `unanswered` of `weight` says nobody wanted the code: a message that never arrived has a small weight, and
 * a conversion that is not believed is unanswered in part.
 */
export type Outcome = {
  readonly weight: number
  readonly unanswered: number
  /** The share of unanswered codes that was to be expected. */
  readonly usual: number
  /** Price of the send over the account's mean price. */
  readonly cost: number
}

/** Unanswered codes that cost as much as a mean send and are this much above the usual share do not count as a drift yet. */
const DRIFT_SLACK = 0.15

export function countOutcome(cell: Cell, { weight, unanswered, usual, cost }: Outcome): void {
  cell.outcomes += weight
  cell.unanswered += unanswered
  cell.expected += weight * usual
  cell.variance += weight * weight * usual * (1 - usual)
  cell.outcomesPast += weight
  cell.unansweredPast += unanswered
  const above = unanswered - weight * (usual + DRIFT_SLACK * (1 - usual))
  cell.drift = Math.max(0, cell.drift + cost * above)
}

/** A code came back after `delayMs`, from the network of the request or from another one. */
export function countTyping(
  cell: Cell,
  { delayMs, sameNetwork }: { readonly delayMs: number; readonly sameNetwork: boolean | undefined },
): void {
  const delay = Math.log(Math.max(1, delayMs))
  cell.typed++
  cell.delaySum += delay
  cell.delaySquares += delay * delay
  if (sameNetwork === false) cell.typedElsewhere++
}

/** The day's outcomes go, the past stays: it says what is usual. */
export function forgetOutcomes(cell: Cell): void {
  cell.unanswered = 0
  cell.expected = 0
  cell.variance = 0
  cell.outcomes = 0
  cell.drift = 0
  cell.passes = 0
  cell.passesUnanswered = 0
}

/** Takes back what was counted unanswered: the code came late, or the person finished another way. */
export function takeBack(cell: Cell, unanswered: number): void {
  cell.unanswered = Math.max(0, cell.unanswered - unanswered)
  cell.unansweredPast = Math.max(0, cell.unansweredPast - unanswered)
  cell.drift = Math.max(0, cell.drift - unanswered)
}

/** An account this young has nothing but today to compare with. */
const YOUNG_MS = 1.5 * DAY_MS

/** Requests of an ordinary hour: of the two weeks before today. An attack of this day shall not become ordinary by lasting. */
function usualHour(cell: Cell, pastMs: number): number {
  const past = Math.max(0, cell.asksPast - cell.asksDay) / pastMs
  if (pastMs > YOUNG_MS) return HOUR_MS * past
  const today = Math.max(0, cell.asksDay - cell.asksHour) / Math.min(pastMs, DAY_MS)
  return HOUR_MS * Math.max(past, today)
}

const pastOf = (account: Cell): number =>
  PAST_MS * (1 - Math.exp(-Math.max(account.atMs - account.firstMs, HOUR_MS) / PAST_MS))

const CROWD_MIN = 3
const CROWD_MAX = 20

/** How many times its ordinary hour the rest of the account has now: 1 or more. A crowd comes to everything at once. */
export function crowdOf(account: Cell, without: Cell): number {
  const pastMs = pastOf(account)
  const usual = Math.max(0, usualHour(account, pastMs) - usualHour(without, pastMs))
  const now = Math.max(0, account.asksHour - without.asksHour)
  return Math.min(CROWD_MAX, Math.max(1, (now + CROWD_MIN) / (usual + CROWD_MIN)))
}

/**
 * Requests of this hour, or of this day, above twice the ordinary number, in deviations. The ordinary number is the past's, times
 * the crowd that the rest of the account has; its own deviation is as large as itself, since traffic has hours and days.
 */
export function surgeOf(cell: Cell, account: Cell, crowd: number): number {
  const knownMs = account.atMs - account.firstMs
  const believed = Math.min(1, knownMs / PAST_LEAST_MS)
  const pastMs = pastOf(account)
  const perDay = (Math.max(0, cell.asksPast - cell.asksDay) / pastMs) * DAY_MS
  const hour = aboveTwice(cell.asksHour, usualHour(cell, pastMs) * crowd)
  const day = aboveTwice(cell.asksDay, perDay * Math.sqrt(crowd))
  return believed * Math.max(0, hour, day)
}

const aboveTwice = (count: number, usual: number): number =>
  (count - 2 * usual) / Math.sqrt(2 * usual + usual * usual + 1)

/** Unanswered codes of a day above the expected number, in deviations, one added so that few say little. */
export const excessOf = (cell: Cell): number =>
  (cell.unanswered - cell.expected) / Math.sqrt(cell.variance + 1)

/** How many outcomes a cell needs before its own weigh as much as what is known around it. */
const SHRINK = 3

/**
 * The share f of a cell's sends that nobody was waiting for. If a share f is never answered and the rest behaves as usual,
 * unanswered = expected + f (outcomes - expected). Solved for f and shrunk to what the cells around say, as the mean of a
 * Beta-Binomial posterior whose prior weighs SHRINK outcomes: f = (unanswered - expected + SHRINK around) / (outcomes - expected + SHRINK).
 * One more unanswered send adds the same to both, so it never lowers f. `without` is a part of the cell that is left out.
 */
export function suspicionOf(cell: Cell, around: number, without?: Cell): number {
  const surplus = cell.unanswered - cell.expected
  const room = cell.outcomes - cell.expected
  const gone = without === undefined ? 0 : without.unanswered - without.expected
  const goneRoom = without === undefined ? 0 : without.outcomes - without.expected
  const share = (surplus - gone + SHRINK * around) / (Math.max(0, room - goneRoom) + SHRINK)
  return Math.min(1, Math.max(0, share))
}

/** What an account finds usual before it has a past. */
export const PRIOR_SHARE = 0.3
const PRIOR_OUTCOMES = 8
const PAST_OUTCOMES = 20

const clamped = (share: number): number => Math.min(0.9, Math.max(0.03, share))

/**
 * Unanswered share of the whole account without the cells in question: of two weeks, shrunk to 0.3 while there is little,
 * or of today, shrunk to that, where it is higher: impatient crowds and broken carriers are everywhere at once.
 */
export function restShare(account: Cell, without: Cell): number {
  const past = shrunk(
    account.unansweredPast - without.unansweredPast,
    account.outcomesPast - without.outcomesPast,
    { share: PRIOR_SHARE, weight: PRIOR_OUTCOMES },
  )
  const today = shrunk(
    account.unanswered - without.unanswered,
    account.outcomes - without.outcomes,
    { share: past, weight: PAST_OUTCOMES },
  )
  return clamped(Math.max(past, today))
}

function shrunk(
  unanswered: number,
  outcomes: number,
  prior: { readonly share: number; readonly weight: number },
): number {
  const bad = Math.max(0, unanswered)
  return (bad + prior.weight * prior.share) / (Math.max(bad, outcomes) + prior.weight)
}

/** A country's own unanswered share before the last day, shrunk to the rest of the account. */
export function ownShare(cell: Cell, rest: number): number {
  const unanswered = cell.unansweredPast - cell.unanswered
  const outcomes = cell.outcomesPast - cell.outcomes
  return clamped(shrunk(unanswered, outcomes, { share: rest, weight: PAST_OUTCOMES }))
}
