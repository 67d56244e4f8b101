import { choose, openShares, type Places } from '../channels/places.ts'
import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'
import type { Platform } from '../platform/platform.ts'
import type { Flight } from './carry-send.ts'
import type { Ended } from './end-of-walk.ts'
import { openGatherer } from './gatherer.ts'
import type { Woken } from './woken.ts'

/** So many sends are under way at most, so that a slow provider holds up nobody else's codes. */
const FLIGHTS_MAX = 256
/** Of notices, and of bulk: the rest is always free for codes. */
const LOWER_FLIGHTS_MAX = 64
const LEASE_MAX = 64
/** Beyond that new rows are found in the outbox, in their order. */
const WAITING_MAX = 10_000
/** Rows that are due within the same moment share an alarm. */
const ALARM_STEP_MS = 50

export type Dispatcher = {
  /** Tells of a new outbox row. */
  readonly wake: (woken: Woken) => void
  /** Looks into the outbox for what is due, whoever left it there. */
  readonly wakeDue: () => void
}

export type DispatcherParts = {
  readonly platform: Pick<Platform, 'defer' | 'log' | 'nowMs'>
  readonly leaseWoken: (woken: readonly Woken[]) => Promise<readonly Flight[]>
  readonly leaseDue: (places: Places) => Promise<readonly Flight[]>
  readonly carry: (flight: Flight) => Promise<Ended | undefined>
  readonly close: (ended: readonly Ended[]) => Promise<void>
  /** Waits a moment before each lease, so that sends of one moment share a write; undefined does not wait. */
  readonly pause: (() => Promise<void>) | undefined
  /** Rings after so many milliseconds, if this process is still there; undefined: the periodic look has to do. */
  readonly alarm: ((afterMs: number, ring: () => void) => void) | undefined
  /**
   * About so many rows are taken out of the outbox between two wakes, where a runtime lets one invocation do only so much: the rest is for
   * the next one. Absent: all.
   */
  readonly dueMax?: number | undefined
}

/** Sends outbox rows as they come, many at the same time. What fails here stays in the outbox for the periodic look. */
export function openDispatcher(parts: DispatcherParts): Dispatcher {
  const { platform, pause } = parts
  const waiting: Waiting = { otp: [], notice: [], bulk: [] }
  const seats = openSeats()
  const due = openDue(parts.dueMax)
  const alarms = openAlarms(parts, () => {
    due.ask()
    go()
  })
  let running = false

  const report = (error: unknown): void => {
    const cause = error instanceof Error ? error.name : 'unknown'
    platform.log.error('dispatch.failed', { cause })
  }
  const close = openGatherer<Ended>(async (ended) => {
    await parts.close(ended)
    for (const each of ended) if (each.kind === 'later') alarms.set(each.returned.notBeforeMs)
  }, LEASE_MAX)

  const mayLease = (): boolean =>
    due.isAsked()
      ? seats.free('otp') > 0
      : MESSAGE_KINDS.some((kind) => waiting[kind].length > 0 && seats.free(kind) > 0)
  const lease = async (): Promise<readonly Flight[]> => {
    const places = seats.places()
    if (!due.isAsked()) return parts.leaseWoken(takeWaiting(waiting, places))
    return due.take(() => parts.leaseDue(places))
  }
  const fly = async (flight: Flight): Promise<void> => {
    const leave = seats.take(flight.job.send.rate.kind)
    try {
      const ended = await parts.carry(flight)
      if (ended !== undefined) await close(ended)
    } catch (error) {
      report(error)
    }
    const left = leave()
    // What was left in the outbox for want of room is looked for again.
    if (left === 'was_full') due.ask()
    go()
  }
  const work = async (): Promise<void> => {
    try {
      while (mayLease()) {
        await pause?.()
        for (const flight of await lease()) platform.defer(fly(flight))
      }
    } catch (error) {
      report(error)
    } finally {
      running = false
    }
  }
  const go = (): void => {
    if (running || !mayLease()) return
    running = true
    platform.defer(work())
  }
  const wakeDue = (): void => {
    due.askAnew()
    go()
  }
  const wake = (woken: Woken): void => {
    if (waiting[woken.kind].length < WAITING_MAX) waiting[woken.kind].push(woken)
    go()
  }
  return { wake, wakeDue }
}

/** Whether to look into the outbox: no more once so many were taken out of it since it was last asked for anew. */
function openDue(max = Number.POSITIVE_INFINITY) {
  let isAsked = false
  let taken = 0
  const ask = (): void => {
    isAsked ||= taken < max
  }
  return {
    isAsked: () => isAsked,
    ask,
    askAnew: (): void => {
      taken = 0
      isAsked = true
    },
    /** Asks again while there was something. */
    take: async <T>(look: () => Promise<readonly T[]>): Promise<readonly T[]> => {
      isAsked = false
      const found = await look()
      taken += found.length
      if (found.length > 0) ask()
      return found
    },
  }
}

/** Who is under way. */
function openSeats() {
  const taken: Record<MessageKind, number> = { otp: 0, notice: 0, bulk: 0 }
  const share = openShares()
  const free = (kind: MessageKind): number => {
    const all = FLIGHTS_MAX - taken.otp - taken.notice - taken.bulk
    return kind === 'otp' ? all : Math.min(all, LOWER_FLIGHTS_MAX - taken[kind])
  }
  return {
    free,
    places: (): Places =>
      share(Math.min(LEASE_MAX, free('otp')), { notice: free('notice'), bulk: free('bulk') }),
    /** The answer is for leaving. */
    take: (kind: MessageKind): (() => 'was_full' | 'had_room') => {
      taken[kind]++
      return () => {
        const wasFull = free(kind) === 0
        taken[kind]--
        return wasFull ? 'was_full' : 'had_room'
      }
    },
  }
}

type Waiting = Record<MessageKind, Woken[]>

/** Those that go first; the others stay. */
function takeWaiting(waiting: Waiting, places: Places): readonly Woken[] {
  const chosen = choose(waiting, places)
  for (const kind of MESSAGE_KINDS) {
    waiting[kind].splice(0, chosen.filter((one) => one.kind === kind).length)
  }
  return chosen
}

/** One alarm for all rows that are due within the same moment. */
function openAlarms({ platform, alarm }: DispatcherParts, ring: () => void) {
  const pending = new Set<number>()
  return {
    set: (atMs: number): void => {
      const step = Math.ceil(atMs / ALARM_STEP_MS) * ALARM_STEP_MS
      if (alarm === undefined || pending.has(step)) return
      pending.add(step)
      alarm(Math.max(0, step - platform.nowMs()), () => {
        pending.delete(step)
        ring()
      })
    },
  }
}
