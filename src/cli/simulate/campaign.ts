import type { Dice } from './dice.ts'
import type { Answer, IssueEvent, Origin } from './event.ts'
import type { Tenant } from './tenant.ts'
import { HOUR, SECOND, type World } from './world.ts'

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
  /** Of the scenario. */
  readonly name: string
  /** Of this one attack. */
  readonly label: string
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
  /** Probability of passing a challenge with the present tool. */
  readonly solves: () => number
  /** Requests refused in a row before something is changed, and changes before the attacker leaves. */
  readonly patience: number
  readonly changesMax: number
  /** Share of what got through that the operator finds and reports, hours later. */
  readonly reported: number
  /** What else the attacker does with a code that was sent. */
  readonly whenSent?: (issue: IssueEvent) => void
  /** Another range, other addresses, another client: what an attacker tries once requests are refused. */
  readonly change: () => void
}

export function launch(world: World, campaign: Campaign): void {
  let strikes = 0
  let refusals = 0
  let changes = 0

  const learn = ({ sent }: Answer) => {
    refusals = sent ? 0 : refusals + 1
    if (refusals < campaign.patience) return
    refusals = 0
    changes++
    campaign.change()
  }
  const next = (afterMs: number) => {
    const atMs = afterMs + Math.max(1, campaign.pause())
    if (atMs >= campaign.toMs || strikes >= campaign.strikes || changes > campaign.changesMax)
      return
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
    solves_challenge: campaign.dice.chance(campaign.solves()),
    ...about(campaign),
  }
}

function planDelivery(world: World, campaign: Campaign, issue: IssueEvent): void {
  const { dice, delivered } = campaign
  const status = dice.chance(delivered) ? 'delivered' : 'undelivered'
  world.agenda.plan(issue.t + dice.around(5 * SECOND, 0.5), (nowMs) => ({
    event: { type: 'delivery', t: nowMs, ref: issue.ref, status, ...about(campaign) },
  }))
}

function planReport(world: World, campaign: Campaign, issue: IssueEvent): void {
  const { dice, reported } = campaign
  if (!dice.chance(reported)) return
  world.agenda.plan(issue.t + dice.between(2 * HOUR, 30 * HOUR), (nowMs) => ({
    event: { type: 'report', t: nowMs, ref: issue.ref, label: 'fraud', ...about(campaign) },
  }))
}

function about({ name, label }: Campaign) {
  return { truth: 'fraud', scenario: name, campaign: label } as const
}

/** A check of the attacker's own: a guess, or a conversion that makes the range look good. */
export function planCheck(
  world: World,
  { t, ref, scenario, campaign = '' }: IssueEvent,
  check: { readonly afterMs: number; readonly correct: boolean; readonly ip: string | null },
): void {
  const { afterMs, correct, ip } = check
  world.agenda.plan(t + afterMs, (nowMs) => {
    const said = {
      type: 'check',
      t: nowMs,
      ref,
      correct,
      truth: 'fraud',
      scenario,
      campaign,
    } as const
    return { event: ip === null ? said : { ...said, ip } }
  })
}
