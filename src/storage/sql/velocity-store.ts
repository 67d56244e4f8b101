import { assert } from '../../domain/assert.ts'
import type { SubjectKind } from '../../domain/subjects.ts'
import { GRAINS, hourOf } from '../../risk/velocity/buckets.ts'
import {
  COLUMNS,
  type DistinctCounts,
  gapMs,
  toTally,
  type WindowSums,
} from '../../risk/velocity/counts.ts'
import {
  DISTINCT_NAMES,
  type DistinctName,
  HOUR_UNIT,
  LEVEL_MAX,
  MEMBER_HOURS,
  relaxed,
  SET_MAX,
} from '../../risk/velocity/distinct.ts'
import type { Ask, Tally, Velocity, VelocityEvent, VelocityStore } from '../../risk/velocity.ts'
import type { Database, Row, SqlDriver } from '../database.ts'
import {
  addAsk,
  addEvent,
  meet,
  type PresentSubject,
  presentSubjects,
  purgeStatements,
  readSums,
  type Tidying,
  tidy,
} from './velocity-statements.ts'

/**
 * Counters in the database, for processes that share nothing else. One batch for each request, which adds before it reads: of
 * requests at the same time each sees those before it. A set of members that overflows costs one more statement, once
 * for some sixty new members.
 */
export class SqlVelocityStore implements VelocityStore {
  private readonly driver: SqlDriver

  constructor({ db }: { readonly db: Pick<Database, 'driver'> }) {
    this.driver = db.driver
  }

  async observe(ask: Ask): Promise<Velocity> {
    const present = presentSubjects(ask.subjects)
    if (present.length === 0) return {}
    const [, rows = [], sums = []] = await this.driver.batch([
      addAsk(present, ask),
      meet(present, ask),
      readSums(present, ask.atMs),
    ])
    const met = rows.map(meetingOf)
    const overdue = met.flatMap((meeting) => tidyingsOf(meeting, hourOf(ask.atMs)))
    if (overdue.length > 0) await this.driver.batch(overdue.map(tidy))
    return velocityOf(present, { met, sums, ask })
  }

  async record(event: VelocityEvent): Promise<void> {
    const added = addEvent(event)
    if (added !== undefined) await this.driver.all(added)
  }

  /** Deletes what no window reaches any more, up to `limit` rows of each of four sorts; answers how many there were. */
  async purge(nowMs: number, limit: number): Promise<number> {
    const deleted = await this.driver.batch(purgeStatements(nowMs, limit))
    return deleted.reduce((total, rows) => total + rows.length, 0)
  }
}

/** A subject's row, with the hours and levels of its sets' members. */
type Meeting = {
  readonly subject: string
  readonly previousAskMs: number | undefined
  readonly members: Readonly<Record<DistinctName, readonly number[]>>
  readonly levels: Readonly<Record<DistinctName, number>>
}

function meetingOf(row: Row): Meeting {
  const members = (set: Row[string] | undefined): readonly number[] =>
    typeof set === 'string' ? Object.values(JSON.parse(set) as Record<string, number>) : []
  return {
    subject: String(row.subject),
    previousAskMs: row.previous_ask_ms === null ? undefined : Number(row.previous_ask_ms),
    members: {
      phones: members(row.phones),
      ips: members(row.ips),
      countries: members(row.countries),
      accounts: members(row.accounts),
    },
    levels: {
      phones: Number(row.phones_level),
      ips: Number(row.ips_level),
      countries: Number(row.countries_level),
      accounts: Number(row.accounts_level),
    },
  }
}

type Answer = { readonly met: readonly Meeting[]; readonly sums: readonly Row[]; readonly ask: Ask }

function velocityOf(present: readonly PresentSubject[], { met, sums, ask }: Answer): Velocity {
  const meetings = new Map(met.map((meeting) => [meeting.subject, meeting]))
  const grains = new Map(sums.map((row) => [`${row.grain}:${row.subject}`, row]))
  const velocity: Partial<Record<SubjectKind, Tally>> = {}
  for (const { kind, subject } of present) {
    const meeting = meetings.get(subject)
    assert(meeting !== undefined, 'a request meets all of its subjects')
    const sumsOf = (grain: number): Row => grains.get(`${grain}:${subject}`) ?? {}
    velocity[kind] = toTally(
      windowSumsOf(sumsOf(GRAINS.minute), sumsOf(GRAINS.hour), sumsOf(GRAINS.day)),
      distinctOf(meeting, hourOf(ask.atMs)),
      gapMs(meeting.previousAskMs, ask.atMs),
    )
  }
  return velocity
}

function windowSumsOf(hour: Row, day: Row, week: Row): WindowSums {
  return {
    asks10m: Number(hour.asks_10m ?? 0),
    hour: countsOf(hour),
    day: countsOf(day),
    week: countsOf(week),
    spendHour: Number(hour.spend_micros ?? 0),
    spendDay: Number(day.spend_micros ?? 0),
  }
}

const countsOf = (row: Row): readonly number[] => COLUMNS.map((column) => Number(row[column] ?? 0))

const oldestLive = (hour: number): number => (hour - MEMBER_HOURS) * HOUR_UNIT

function distinctOf({ members }: Meeting, hour: number): DistinctCounts {
  const oldest = oldestLive(hour)
  const estimate = (set: readonly number[]): number =>
    set.reduce((total, seen) => (seen < oldest ? total : total + 2 ** (seen % HOUR_UNIT)), 0)
  return {
    phones: estimate(members.phones),
    ips: estimate(members.ips),
    countries: estimate(members.countries),
    accounts: estimate(members.accounts),
  }
}

/** Sets that are over their bound, and sampled ones that have become quiet. An hour's margin is kept for latecomers. */
function tidyingsOf({ subject, members, levels }: Meeting, hour: number): readonly Tidying[] {
  const oldest = oldestLive(hour - 1)
  return DISTINCT_NAMES.flatMap((name) => {
    const [set, level] = [members[name], levels[name]]
    if (set.length <= SET_MAX && level === 0) return []
    const kept = set.filter((seen) => seen >= oldest).length
    const next = kept > SET_MAX ? Math.min(level + 1, LEVEL_MAX) : relaxed(level, kept)
    return set.length <= SET_MAX && next === level ? [] : [{ subject, name, oldest, level: next }]
  })
}
