import { hasPassed, isSampled } from '../domain/decision.ts'
import { firstIdAt } from '../domain/ids.ts'
import { askersOf } from '../domain/subjects.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import { isKnown } from '../risk/customers.ts'
import type { RangeOutcome } from '../risk/ranges/watch.ts'
import type { VelocityEventKind } from '../risk/velocity.ts'
import type { House } from './house.ts'
import { openWaitingRoom, type WaitingRoom } from './in-order.ts'
import { destinationOf } from './remember.ts'

const PAGE = 500
const DAY_MS = 86_400_000
/** What is older says nothing any more: windows end after a week, and six weeks leave a twentieth of what a range remembers. */
const VELOCITY_REACH_MS = 8 * DAY_MS
const RANGES_REACH_MS = 42 * DAY_MS
/** A code lives an hour at most: so long before an instant a request may have been whose outcome came after it. */
const OUTCOME_REACH_MS = 3_600_000

type RebuildingHouse = Pick<
  House,
  'platform' | 'verifications' | 'outbox' | 'customers' | 'velocity' | 'ranges'
> & {
  readonly policy: () => { readonly ruleSet: { readonly maturitySeconds: number } }
}

/** The newest instants that the counters and the watch of ranges know of. */
export type CountedUntil = { readonly velocityMs: number; readonly rangesMs: number }

/**
 * Counts again what came after these instants: a restart goes on from the last snapshots as if it had not happened. Answers how
 * many requests were looked at. What was not stored is not told again: which network a code was typed in from, the hour
 * of a resend, and when a code was wrong, which counts as the moment of its send.
 */
export async function rebuildCounters(
  house: RebuildingHouse,
  until: CountedUntil,
): Promise<number> {
  const nowMs = house.platform.nowMs()
  const since = {
    velocityMs: Math.max(until.velocityMs, nowMs - VELOCITY_REACH_MS),
    rangesMs: Math.max(until.rangesMs, nowMs - RANGES_REACH_MS),
  }
  const room = openWaitingRoom<Happening>(({ atMs }) => atMs)
  const fromMs = Math.min(since.velocityMs, since.rangesMs) - OUTCOME_REACH_MS
  let after = firstIdAt('VE', Math.max(0, fromMs))
  for (let looked = 0; ; ) {
    const page = await house.verifications.since(after, PAGE)
    const lost = await house.outbox.undeliveredOf(page.filter(isSilent).map(({ id }) => id))
    for (const row of page) {
      if (isTest(row)) continue
      await tell(house, room.until(row.createdAtMs), since)
      for (const happening of happeningsOf(house, row, lost.has(row.id))) room.add(happening)
    }
    looked += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) {
      await tell(house, room.until(Number.POSITIVE_INFINITY), since)
      return looked
    }
    after = last.id
  }
}

/** Something that was counted once; `velocity` and `range` are what each of them is told. */
type Happening = {
  readonly row: Verification
  readonly atMs: number
  readonly velocity: VelocityEventKind | 'asked' | undefined
  readonly range: RangeOutcome['kind'] | 'asked' | undefined
}

const isSilent = ({ state, matured }: Verification): boolean => state === 'open' && matured

function* happeningsOf(
  house: RebuildingHouse,
  row: Verification,
  isLost: boolean,
): Generator<Happening> {
  const { createdAtMs, closedAtMs, state, matured, sends } = row
  const asked = { row, atMs: createdAtMs, velocity: 'asked', range: 'asked' } as const
  for (let ask = 0; ask < Math.max(1, sends); ask++) yield asked
  if (state === 'challenged' && !isSampled(row.decision))
    yield { ...asked, velocity: 'challenged', range: 'challenged' }
  if (row.attempts > (state === 'approved' ? 1 : 0))
    yield { row, atMs: createdAtMs, velocity: 'mistyped', range: undefined }
  const maturedAtMs = createdAtMs + house.policy().ruleSet.maturitySeconds * 1000
  const isLate = matured && closedAtMs !== undefined && closedAtMs >= maturedAtMs
  if (sends > 0 && (isSilent(row) || isLate)) yield silenceOf(row, maturedAtMs, isLost)
  if (closedAtMs !== undefined) yield* closingOf(row, closedAtMs, isLate)
}

function silenceOf(row: Verification, atMs: number, isLost: boolean): Happening {
  return isLost
    ? { row, atMs, velocity: undefined, range: 'undelivered' }
    : { row, atMs, velocity: 'unverified', range: 'unanswered' }
}

/** Late: after it had been counted as a silence. */
function* closingOf(row: Verification, atMs: number, isLate: boolean): Generator<Happening> {
  if (row.state === 'approved') {
    yield isLate
      ? { row, atMs, velocity: 'corrected', range: 'late' }
      : { row, atMs, velocity: 'verified', range: 'typed' }
  } else if (isLate) yield { row, atMs, velocity: 'excused', range: 'excused' }
}

async function tell(
  house: RebuildingHouse,
  happenings: ReturnType<WaitingRoom<Happening>['until']>,
  { velocityMs, rangesMs }: CountedUntil,
): Promise<void> {
  for (const happening of happenings) {
    if (happening.atMs > velocityMs) await tellCounters(house, happening)
    if (happening.atMs > rangesMs) await tellRanges(house, happening)
  }
}

async function tellCounters(
  { velocity }: RebuildingHouse,
  { row, atMs, velocity: kind }: Happening,
): Promise<void> {
  const { subjects: all, price, createdAtMs: sentAtMs, traffic, sends } = row
  if (kind === undefined) return
  const subjects = kind === 'mistyped' ? askersOf(all) : all
  if (kind !== 'asked') return velocity.record({ kind, atMs, sentAtMs, subjects, price })
  await velocity.observe({ atMs, subjects, country: traffic.country })
  if (sends > 0) await velocity.record({ kind: 'sent', atMs, sentAtMs, subjects, price })
}

async function tellRanges(
  { ranges, customers }: RebuildingHouse,
  { row, atMs, range: kind }: Happening,
): Promise<void> {
  const { createdAtMs, subjects } = row
  const customer = subjects.phone === undefined ? undefined : await customers.find(subjects.phone)
  if (kind === undefined) return
  const told = { ...destinationOf(row), atMs, known: isKnown(customer, createdAtMs) }
  if (kind === 'asked') {
    await ranges.look(told)
    return
  }
  const passed = hasPassed(row.decision)
  const delayMs = atMs - createdAtMs
  await ranges.note({ ...told, kind, passed, delayMs, sameNetwork: undefined })
}
