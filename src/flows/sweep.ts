import { fallBack } from './fall-back.ts'
import type { House } from './house.ts'
import { learnRoutes } from './learn-routes.ts'
import { matureSends } from './mature-sends.ts'
import { noteCodes } from './note-routes.ts'
import { reconcileSends } from './reconcile-sends.ts'
import { rerateMonths } from './rerate-months.ts'

const ROUNDS_MAX = 50
const AT_ONCE = 100
const LEARN_EVERY_MS = 10_000

/**
 * What is due from time to time: outbox rows that were not sent at once, outcomes that are ripe, events that only the clock
 * brings, records that may go.
 * Bounded, so that it ends before the next one; what is left is for that.
 */
export async function sweep(house: House): Promise<void> {
  house.wakeDue()
  await untilDone(() => reconcileSends(house))
  await untilDone(() => fallBack(house))
  await untilDone(() => matureSends(house, (matured) => noteCodes(house, matured)))
  await learnRoutes(house, LEARN_EVERY_MS)
  await house.events.sweep()
  await sweepMoney(house)
  const nowMs = house.platform.nowMs()
  await house.ownScores.flush(nowMs)
  await house.purge(nowMs)
}

/** Holds that no receipt closes, months that crossed a tier, packages that ran out. */
async function sweepMoney(all: House): Promise<void> {
  const { platform, holds, packages, batches, patience, ...house } = all
  const nowMs = platform.nowMs()
  await untilDone(() => holds.releaseUnheard(nowMs - patience.receiptMs, nowMs, AT_ONCE))
  await untilDone(() => batches.endUnheard(nowMs - patience.receiptMs, nowMs, AT_ONCE))
  await untilDone(() => rerateMonths({ platform, ...house }))
  await untilDone(() => packages.lapse(nowMs, AT_ONCE))
}

async function untilDone(round: () => Promise<number>): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) if ((await round()) === 0) return
}
