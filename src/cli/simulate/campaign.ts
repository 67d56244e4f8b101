import type { Dice } from './dice.ts'
import type { Answer, IssueEvent, Origin } from './event.ts'
import { HOUR, SECOND, type Tenant, type World } from './world.ts'

/** One request of an attacker. */
export type Strike = {
  readonly tenant: Tenant
  readonly to: string
  readonly origin: Origin
  readonly sessionAgeMs: number | null
  readonly channel?: 'sms' | 'voice'
}

/** One attack from its first request to its last. */
export type Campaign = {
  readonly name: string
  readonly dice: Dice
  readonly fromMs: number
  readonly toMs: number
  /** Requests at most. */
  readonly strikes: number
  /** Milliseconds to the next request. */
  readonly pause: () => number
  readonly strike: () => Strike
  /** Share of the messages that the carrier says it delivered; the numbers need not be in anybody's hand. */
  readonly delivered: number
  /** Probability of passing a challenge. */
  readonly solves: number
  /** What else the attacker does with a code that was sent. */
  readonly whenSent?: (issue: IssueEvent) => void
  /** Another range, other addresses, another client: what an attacker tries once requests are refused. */
  readonly change: () => void
}

const REFUSALS_BEFORE_CHANGE = 15
const CHANGES_MAX = 6
/** Operators find and report some of the fraud that got through, hours later. */
const REPORTED = 0.03

export function launch(world: World, campaign: Campaign): void {
  let strikes = 0
  let refusals = 0
  let changes = 0

  const learn = ({ sent }: Answer) => {
    refusals = sent ? 0 : refusals + 1
    if (refusals < REFUSALS_BEFORE_CHANGE) return
    refusals = 0
    changes++
    campaign.change()
  }
  const next = (afterMs: number) => {
    const atMs = afterMs + Math.max(1, campaign.pause())
    if (atMs >= campaign.toMs || strikes >= campaign.strikes || changes > CHANGES_MAX) return
    world.agenda.plan(atMs, (nowMs) => {
      strikes++
      next(nowMs)
      const issue = issueOf(world, campaign, nowMs)
      return {
        event: issue,
        whenAnswered: (answer) => {
          learn(answer)
          if (answer.sent) goOn(world, campaign, issue)
        },
      }
    })
  }
  next(campaign.fromMs)
}

function goOn(world: World, campaign: Campaign, issue: IssueEvent): void {
  planDelivery(world, campaign, issue)
  campaign.whenSent?.(issue)
  planReport(world, campaign, issue)
}

function issueOf(world: World, campaign: Campaign, atMs: number): IssueEvent {
  const { tenant, to, origin, sessionAgeMs, channel } = campaign.strike()
  return {
    type: 'issue',
    t: atMs,
    ref: world.newRef(),
    tenant: tenant.id,
    to,
    channel: channel ?? 'sms',
    purpose: tenant.purposes.find(([purpose]) => purpose === 'signup')?.[0] ?? 'login',
    ...origin,
    session_age_ms: tenant.tells.session ? sessionAgeMs : null,
    solves_challenge: campaign.dice.chance(campaign.solves),
    truth: 'fraud',
    scenario: campaign.name,
  }
}

function planDelivery(world: World, { name, dice, delivered }: Campaign, issue: IssueEvent): void {
  const status = dice.chance(delivered) ? 'delivered' : 'undelivered'
  world.agenda.plan(issue.t + dice.around(5 * SECOND, 0.5), (nowMs) => ({
    event: { type: 'delivery', t: nowMs, ref: issue.ref, status, truth: 'fraud', scenario: name },
  }))
}

function planReport(world: World, { name, dice }: Campaign, issue: IssueEvent): void {
  if (!dice.chance(REPORTED)) return
  world.agenda.plan(issue.t + dice.between(2 * HOUR, 30 * HOUR), (nowMs) => ({
    event: {
      type: 'report',
      t: nowMs,
      ref: issue.ref,
      label: 'fraud',
      truth: 'fraud',
      scenario: name,
    },
  }))
}

/** A check of the attacker's own: a guess, or a conversion that makes the range look good. */
export function planCheck(
  world: World,
  issue: IssueEvent,
  check: { readonly afterMs: number; readonly correct: boolean; readonly ip: string },
): void {
  world.agenda.plan(issue.t + check.afterMs, (nowMs) => ({
    event: {
      type: 'check',
      t: nowMs,
      ref: issue.ref,
      correct: check.correct,
      ip: check.ip,
      truth: 'fraud',
      scenario: issue.scenario,
    },
  }))
}
