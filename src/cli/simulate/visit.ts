import type { Emission } from './agenda.ts'
import type { Dice } from './dice.ts'
import type { Answer, IssueEvent, Origin } from './event.ts'
import type { Habits } from './setting.ts'
import type { Tenant } from './tenant.ts'
import { deliveryOf, MINUTE, SECOND, type World } from './world.ts'

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
  readonly habits: Habits
  readonly dice: Dice
  /** The tenant has the number among its test numbers. */
  readonly isTest?: boolean
}

const REFUSED_TWICE = 2

/** Asks for a code now; delivery, typing, mistakes, resends and giving up follow from the answer. */
export function ask(world: World, visit: Visit, atMs: number): Emission {
  return askAgain(world, { visit, atMs, asked: 0, refused: 0 })
}

/** `asked` counts the requests before this one, `refused` those of them that were refused. */
type Asking = {
  readonly visit: Visit
  readonly atMs: number
  readonly asked: number
  readonly refused: number
}

function askAgain(world: World, asking: Asking): Emission {
  const event = issueOf(world, asking.visit, asking.atMs)
  return {
    event,
    whenAnswered: (answer) => {
      if (answer.sent) planDelivery(world, { ...asking, ref: event.ref })
      else planRetry(world, asking, answer)
    },
  }
}

/** A send that is under way. */
type Sent = Asking & { readonly ref: string }

function issueOf(world: World, visit: Visit, atMs: number): IssueEvent {
  const { tenant, scenario, to, origin, purpose, sessionAgeMs, dice, habits } = visit
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
    solves_challenge: dice.chance(habits.solves),
    truth: 'legit',
    scenario,
    ...(visit.isTest === true ? { test_number: true } : {}),
  }
}

/** The message arrives, arrives after minutes or gets lost. Who still waits when the countdown is over may ask again. */
function planDelivery(world: World, sent: Sent): void {
  const { visit, atMs } = sent
  const { dice, habits } = visit
  const delivered = dice.chance(visit.delivery ?? deliveryOf(world, visit.country, atMs))
  const slow = dice.chance(habits.slow)
  const usual = dice.around(...(delivered ? habits.arrival : habits.lostAfter))
  const takes = delivered && slow ? dice.between(MINUTE, 6 * MINUTE) : usual
  const patience = patienceOf(visit)
  const waits = delivered && takes < patience
  world.agenda.plan(atMs + takes, (nowMs) => {
    if (waits) planTyping(world, sent, nowMs)
    const status = delivered ? 'delivered' : 'undelivered'
    return { event: { type: 'delivery', t: nowMs, ref: sent.ref, status, ...about(visit) } }
  })
  if (!waits) planResend(world, sent, atMs + patience)
}

/** Pages offer a resend when a minute is over; a few people load the page again before that. */
function patienceOf({ dice, habits }: Visit): number {
  const later = MINUTE + dice.around(15 * SECOND, 0.9)
  return dice.chance(habits.early) ? dice.between(15, 58) * SECOND : later
}

/** Reading and typing takes people some seconds to a minute; a few mistype first. */
function planTyping(world: World, sent: Sent, deliveredAtMs: number): void {
  const { visit, ref } = sent
  const { dice, habits } = visit
  if (dice.chance(visit.givesUp)) {
    planOtherFactor(world, sent, deliveredAtMs)
    return
  }
  const typedAtMs = deliveredAtMs + dice.around(...habits.typing)
  const { ip } = visit.origin
  const check = (correct: boolean) => (nowMs: number) => {
    const typed = { type: 'check', t: nowMs, ref, correct, ...about(visit) } as const
    return { event: ip === null ? typed : { ...typed, ip } }
  }
  const mistypes = dice.chance(habits.mistypes)
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

function planResend(world: World, { visit, asked, refused }: Sent, atMs: number): void {
  const { dice, habits } = visit
  if (asked >= visit.resendsMax || !dice.chance(habits.resends)) return
  world.agenda.plan(atMs, (nowMs) =>
    askAgain(world, { visit, atMs: nowMs, asked: asked + 1, refused }),
  )
}

/** A failed challenge is tried again at once, a refusal after a while; most people leave instead. */
function planRetry(world: World, { visit, atMs, asked, refused }: Asking, answer: Answer): void {
  const { dice, habits } = visit
  if (refused + 1 >= REFUSED_TWICE || !dice.chance(habits.returns)) return
  const soon = answer.decision === 'challenge'
  const waits = soon ? dice.around(10 * SECOND, 0.6) : MINUTE + dice.around(20 * SECOND, 0.8)
  world.agenda.plan(atMs + waits, (nowMs) =>
    askAgain(world, { visit, atMs: nowMs, asked: asked + 1, refused: refused + 1 }),
  )
}

function about(visit: Visit) {
  return { truth: 'legit', scenario: visit.scenario } as const
}
