import type { Tally, Velocity } from './velocity.ts'

/**
 * What is ordinary for an account, so that a destination is compared with the account's own past and never with a
 * fixed rate. `usualUnverified` is the share of its sends whose code nobody typed.
 */
export type Baseline = {
  readonly usualUnverified: number
  /** Share of its codes that are wrong at the first try. */
  readonly usualMistyped: number
  readonly account: Tally | undefined
  readonly country: Tally | undefined
}

/** Until an account has a past of its own, three sends in ten stay unanswered, believed as strongly as ten sends. */
const PRIOR_SHARE = 0.3
const PRIOR_SENDS = 10
/** How many matured sends a subject needs before its own share weighs as much as the account's. */
const SHRINK_SENDS = 8
const ANSWER_SENDS = 4
/** One person in twenty mistypes; believed as strongly as forty codes. */
const PRIOR_MISTYPED = 0.05
const PRIOR_CODES = 40
const PAST_HOURS = 144
const DAY_HOURS = 23

const gone = (whole: number, part: number): number => Math.max(0, whole - part)

function usualShare(unverified: number, verified: number): number {
  const share = (unverified + PRIOR_SENDS * PRIOR_SHARE) / (unverified + verified + PRIOR_SENDS)
  return Math.min(0.95, Math.max(0.02, share))
}

/** The account's mistakes of the week without the last day, so that a day of guessing does not make itself look ordinary. */
function usualMistakes(account: Tally): number {
  const mistyped = gone(account.mistyped_7d, account.mistyped_24h)
  const verified = gone(account.verified_7d, account.verified_24h)
  return (mistyped + PRIOR_CODES * PRIOR_MISTYPED) / (mistyped + verified + PRIOR_CODES)
}

/**
 * The yardstick for destinations and sources: a week of the account without the last day of this country, so that an attack
 * on the country cannot make itself look ordinary.
 */
export const trafficBaseline = (velocity: Velocity): Baseline =>
  baselineWithout(velocity, velocity.country)

/** The yardstick for the account as a whole: its week without the last day. */
export const accountBaseline = (velocity: Velocity): Baseline =>
  baselineWithout(velocity, velocity.account)

function baselineWithout({ account, country }: Velocity, recent: Tally | undefined): Baseline {
  if (account === undefined)
    return { usualUnverified: PRIOR_SHARE, usualMistyped: PRIOR_MISTYPED, account, country }
  const unverified = gone(account.unverified_7d, recent?.unverified_24h ?? 0)
  const verified = gone(account.verified_7d, recent?.verified_24h ?? 0)
  return {
    usualUnverified: usualShare(unverified, verified),
    usualMistyped: usualMistakes(account),
    account,
    country,
  }
}

/** Unverified share of matured sends, shrunk towards the usual share while there are few (Beta-Binomial posterior mean). */
export const unverifiedShare = (unverified: number, verified: number, usual: number): number =>
  (unverified + SHRINK_SENDS * usual) / (unverified + verified + SHRINK_SENDS)

/**
 * The part of the sends that nobody was waiting for, 0 to 1. If a part f of the traffic never verifies and the rest
 * behaves as usual, then share = usual + f (1 - usual); this is that equation solved for f.
 */
export const surplusShare = (unverified: number, verified: number, usual: number): number =>
  Math.max(0, (unverifiedShare(unverified, verified, usual) - usual) / (1 - usual))

/** Unverified sends above the expected number, in standard deviations of a binomial (plus one, so that few sends say little). */
export function unverifiedExcess(unverified: number, verified: number, usual: number): number {
  const matured = unverified + verified
  return (unverified - matured * usual) / Math.sqrt(matured * usual * (1 - usual) + 1)
}

/** Codes wrong at the first try above the expected number, in standard deviations of a binomial (plus one). */
export function mistypedExcess(mistyped: number, verified: number, usual: number): number {
  const typed = mistyped + verified
  return (mistyped - typed * usual) / Math.sqrt(typed * usual * (1 - usual) + 1)
}

/** Codes typed in so far against what is usual, 1 as ever, near 0 when nobody answers. Counts sends that are still waiting. */
export function answeredRatio(verified: number, sends: number, usual: number): number {
  const expected = 1 - usual
  return (verified + ANSWER_SENDS * expected) / ((sends + ANSWER_SENDS) * expected)
}

/** Sends of the six days before the last one. */
export const pastSends = (tally: Tally): number => gone(tally.sends_7d, tally.sends_24h)

/** Sends in an ordinary hour: of the week before, or of the day before where that was busier. */
export const usualHour = (tally: Tally): number =>
  Math.max(pastSends(tally) / PAST_HOURS, gone(tally.sends_24h, tally.sends_1h) / DAY_HOURS)

/** This hour's share of the account's requests against the share that the subject had in the past; 1 without a past. */
export function shareLift(tally: Tally, account: Tally): number {
  const now = (tally.asks_1h + 1) / (account.asks_1h + 1)
  return (now * (pastSends(account) + 1)) / (pastSends(tally) + 1)
}
