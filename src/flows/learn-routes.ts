import type { Fate } from '../channels/outbox-store.ts'
import type { Reading } from '../channels/reading.ts'
import type { RoutePlace } from '../channels/route-health.ts'
import type { SendStatus } from '../domain/send.ts'
import type { House } from './house.ts'
import { carriedCode, noteCode } from './note-routes.ts'
import { placeOf } from './route-facts.ts'

/** The router forgets by half in a quarter of an hour: what is older would weigh little. */
const LOOK_BACK_MS = 3_600_000
const SENDS_MAX = 5_000
/** Receipts of most messages have come by then. Whose provider ordinarily tells and says nothing now is known long before its code is missed. */
const RECEIPTS_AFTER_MS = 45_000
/** A message that waited for its turn gets this much of that. */
const ASKED_FOR_MS = 30_000
/** Whoever sweeps tells its own router of codes first. */
const CODES_LATER_MS = 30_000
/** Between two looks of a process that sends. */
const EVERY_MS = 60_000
/** A look that takes longer was cut off with the invocation that made it. */
const LOOK_MAX_MS = 60_000

type LearningHouse = Pick<House, 'platform' | 'policy' | 'outbox' | 'phoneData'>

/** Before messages are routed. The first time it waits for what the books know; after that it looks once a minute, and nobody waits. */
export async function learnBefore(house: LearningHouse): Promise<void> {
  const { platform, policy } = house
  const { atMs } = policy().router.reading
  if (atMs !== undefined && platform.nowMs() - atMs < EVERY_MS) return
  const learned = learnRoutes(house).catch((error: unknown) => {
    const cause = error instanceof Error ? error.name : 'unknown'
    platform.log.error('routes.unlearned', { cause })
  })
  if (atMs === undefined) await learned
  else platform.defer(learned)
}

/**
 * Tells the router how messages fared since it looked last, whoever sent them: of the last hour where it starts anew, so that it does not
 * begin with a broken provider again. What this process told it already is not told twice.
 */
export async function learnRoutes(house: LearningHouse, everyMs = 0): Promise<void> {
  const { reading } = house.policy().router
  const nowMs = house.platform.nowMs()
  const sinceMs = nowMs - (reading.atMs ?? Number.NEGATIVE_INFINITY)
  if (sinceMs < (reading.isUnderWay ? LOOK_MAX_MS : everyMs)) return
  reading.atMs = nowMs
  reading.isUnderWay = true
  try {
    await Promise.all([learnReceipts(house, reading), learnCodes(house, reading)])
  } finally {
    reading.isUnderWay = false
  }
}

async function learnReceipts(house: LearningHouse, reading: Reading): Promise<void> {
  const fates = await look(house, reading.receiptsTo, RECEIPTS_AFTER_MS)
  reading.receiptsTo = fates.at(-1)?.place ?? reading.receiptsTo
  const { health } = house.policy().router
  for (const fate of fates) {
    const { id, status, isTyped } = fate
    const place = routePlaceOf(house, fate)
    const atMs = fate.createdAtMs + RECEIPTS_AFTER_MS
    const isTaken = TAKEN[status]
    if (isTaken !== undefined && reading.heard.add('answer', id)) {
      health.noteAnswer(place, { isGood: isTaken, tookMs: undefined }, atMs)
    }
    const hasArrived = ARRIVED[status]
    if (hasArrived !== undefined && reading.heard.add('receipt', id)) {
      health.noteDelivery(place, { hasArrived, tookMs: undefined }, atMs)
    }
    const isTold = TOLD[status]
    if (isTold !== undefined && isTyped !== undefined && wasAskedBy(fate, atMs)) {
      health.noteTold(place, { isTold, isTyped }, atMs)
    }
  }
}

const wasAskedBy = ({ askedAtMs }: Fate, atMs: number): boolean =>
  askedAtMs !== undefined && askedAtMs <= atMs - ASKED_FOR_MS

/** Older messages than whoever sweeps looks at. */
async function learnCodes(house: LearningHouse, reading: Reading): Promise<void> {
  const { router, ruleSet } = house.policy()
  const ageMs = ruleSet.maturitySeconds * 1000 + CODES_LATER_MS
  const fates = await look(house, reading.codesTo, ageMs)
  reading.codesTo = fates.at(-1)?.place ?? reading.codesTo
  for (const fate of fates) {
    const { verificationId, providerId, status, isTyped, createdAtMs } = fate
    if (verificationId === undefined || isTyped === undefined) continue
    if (!reading.heard.add('code', carriedCode(verificationId, providerId))) continue
    const nowMs = createdAtMs + ageMs
    noteCode(router.health, routePlaceOf(house, fate), { status, isTyped, nowMs })
  }
}

/** The first look, which may be long, goes without the numbers, that is without their carriers. */
const look = (
  { outbox, platform }: LearningHouse,
  after: number | undefined,
  ageMs: number,
): Promise<readonly Fate[]> => {
  const nowMs = platform.nowMs()
  const span = { sinceMs: nowMs - LOOK_BACK_MS, untilMs: nowMs - ageMs }
  return outbox.fates({ after, ...span, limit: SENDS_MAX })
}

const routePlaceOf = (house: LearningHouse, { phone, ...fate }: Fate): RoutePlace => ({
  providerId: fate.providerId,
  channel: fate.channel,
  country: fate.country,
  carrier: phone && placeOf(house, phone).carrier,
})

type Verdicts = Partial<Readonly<Record<SendStatus, boolean>>>

/** What is not listed says nothing. */
const TAKEN: Verdicts = { sent: true, delivered: true, undelivered: true, unknown: false }
const ARRIVED: Verdicts = { delivered: true, undelivered: false, failed: false }
const TOLD: Verdicts = { sent: false, delivered: true, undelivered: true }
