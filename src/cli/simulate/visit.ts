import type { Emission } from './agenda.ts'
import type { Dice } from './dice.ts'
import type { IssueEvent, Origin } from './event.ts'
import { deliveryOf, MINUTE, SECOND, type Tenant, type World } from './world.ts'

/** One ordinary person who wants to get in, once. */
export type Visit = {
  readonly tenant: Tenant
  readonly scenario: string
  readonly to: string
  /** Country of the number. */
  readonly country: string
  readonly origin: Origin
  readonly purpose: string
  readonly sessionAgeMs: number | null
  /** Share of delivered codes that the person does not type in. */
  readonly givesUp: number
  /** Probability that the login ends another way when the code is not typed in. */
  readonly otherFactor: number
  /** Replaces the country's delivered share. */
  readonly delivery?: number
  /** How often the person asks again when nothing arrives. */
  readonly resendsMax: number
  readonly dice: Dice
}

const UNDELIVERED_AFTER = 45 * SECOND

/** Asks for a code now; delivery, typing, mistakes, resends and giving up follow from the answer. */
export function ask(world: World, visit: Visit, atMs: number): Emission {
  return askAgain(world, { visit, atMs, asked: 0 })
}

/** `asked` counts the requests before this one. */
type Asking = { readonly visit: Visit; readonly atMs: number; readonly asked: number }

function askAgain(world: World, asking: Asking): Emission {
  const event = issueOf(world, asking.visit, asking.atMs)
  return {
    event,
    whenAnswered: ({ sent }) => {
      if (sent) planDelivery(world, { ...asking, ref: event.ref })
      else planRetry(world, asking)
    },
  }
}

/** A send that is under way. */
type Sent = Asking & { readonly ref: string }

function issueOf(world: World, visit: Visit, atMs: number): IssueEvent {
  const { tenant, scenario, to, origin, purpose, sessionAgeMs, dice } = visit
  return {
    type: 'issue',
    t: atMs,
    ref: world.newRef(),
    tenant: tenant.id,
    to,
    channel: 'sms',
    purpose,
    ...origin,
    session_age_ms: tenant.tells.session ? sessionAgeMs : null,
    solves_challenge: dice.chance(0.92),
    truth: 'legit',
    scenario,
  }
}

function planDelivery(world: World, sent: Sent): void {
  const { visit, atMs } = sent
  const share = visit.delivery ?? deliveryOf(world, visit.country, atMs)
  const delivered = visit.dice.chance(share)
  const takes = delivered ? visit.dice.around(4 * SECOND, 0.6) : UNDELIVERED_AFTER
  world.agenda.plan(atMs + takes, (nowMs) => {
    if (delivered) planTyping(world, sent, nowMs)
    else planResend(world, sent, nowMs)
    const status = delivered ? 'delivered' : 'undelivered'
    return { event: { type: 'delivery', t: nowMs, ref: sent.ref, status, ...about(visit) } }
  })
}

/** Reading and typing takes people 5 to 60 seconds; one in twenty-five mistypes first. */
function planTyping(world: World, sent: Sent, deliveredAtMs: number): void {
  const { visit, ref } = sent
  const { dice } = visit
  if (dice.chance(visit.givesUp)) {
    planOtherFactor(world, sent, deliveredAtMs)
    return
  }
  const typedAtMs = deliveredAtMs + dice.around(14 * SECOND, 0.6)
  const { ip } = visit.origin
  const check = (correct: boolean) => (nowMs: number) => {
    const typed = { type: 'check', t: nowMs, ref, correct, ...about(visit) } as const
    return { event: ip === null ? typed : { ...typed, ip } }
  }
  const mistypes = dice.chance(0.04)
  if (mistypes) world.agenda.plan(typedAtMs, check(false))
  world.agenda.plan(mistypes ? typedAtMs + dice.around(12 * SECOND, 0.5) : typedAtMs, check(true))
}

function planOtherFactor(world: World, { visit, ref }: Sent, atMs: number): void {
  const { dice } = visit
  if (!dice.chance(visit.otherFactor)) return
  world.agenda.plan(atMs + dice.around(40 * SECOND, 0.5), (nowMs) => ({
    event: { type: 'completed', t: nowMs, ref, by: 'other_factor', ...about(visit) },
  }))
}

function planResend(world: World, { visit, asked }: Sent, atMs: number): void {
  const { dice } = visit
  if (asked >= visit.resendsMax || !dice.chance(0.7)) return
  world.agenda.plan(atMs + dice.around(30 * SECOND, 0.5), (nowMs) =>
    askAgain(world, { visit, atMs: nowMs, asked: asked + 1 }),
  )
}

/** Refused or challenged in vain: some try once more, the others are lost. */
function planRetry(world: World, { visit, atMs, asked }: Asking): void {
  const { dice } = visit
  if (asked >= 1 || !dice.chance(0.4)) return
  world.agenda.plan(atMs + dice.around(MINUTE, 0.5), (nowMs) =>
    askAgain(world, { visit, atMs: nowMs, asked: asked + 1 }),
  )
}

function about(visit: Visit) {
  return { truth: 'legit', scenario: visit.scenario } as const
}
