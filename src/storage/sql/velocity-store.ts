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
    const [, met = [], sums = []] = await this.driver.batch([
      addAsk(present, ask),
      meet(present, ask),
      readSums(present, ask.atMs),
    ])
    const hour = hourOf(ask.atMs)
    await this.tidy(met.flatMap((row) => tidyingsOf(row, hour)))
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

  private async tidy(sets: readonly Tidying[]): Promise<void> {
    if (sets.length > 0) await this.driver.batch(sets.map(tidy))
  }
}

type Answer = { readonly met: readonly Row[]; readonly sums: readonly Row[]; readonly ask: Ask }

function velocityOf(present: readonly PresentSubject[], { met, sums, ask }: Answer): Velocity {
  const rows = new Map(met.map((row) => [row.subject, row]))
  const grains = new Map(sums.map((row) => [`${row.grain}:${row.subject}`, row]))
  const velocity: Partial<Record<SubjectKind, Tally>> = {}
  for (const { kind, subject } of present) {
    const row = rows.get(subject) ?? {}
    const sumsOf = (grain: number): Row => grains.get(`${grain}:${subject}`) ?? {}
    const previousMs = row.previous_ask_ms === null ? undefined : Number(row.previous_ask_ms)
    velocity[kind] = toTally(
      windowSumsOf(sumsOf(GRAINS.minute), sumsOf(GRAINS.hour), sumsOf(GRAINS.day)),
      distinctOf(row, hourOf(ask.atMs)),
      gapMs(previousMs, ask.atMs),
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

/** Hash to hour and level; empty where nothing was learned. */
const membersOf = (row: Row, name: DistinctName): readonly number[] =>
  Object.values(JSON.parse(String(row[name] ?? '{}')) as Record<string, number>)

const oldestLive = (hour: number): number => (hour - MEMBER_HOURS) * HOUR_UNIT

function distinctOf(row: Row, hour: number): DistinctCounts {
  const estimate = (name: DistinctName): number =>
    membersOf(row, name)
      .filter((seen) => seen >= oldestLive(hour))
      .reduce((total, seen) => total + 2 ** (seen % HOUR_UNIT), 0)
  return {
    phones: estimate('phones'),
    ips: estimate('ips'),
    countries: estimate('countries'),
    accounts: estimate('accounts'),
  }
}

/** Sets that are over their bound, and sampled ones that have become quiet. An hour's margin is kept for latecomers. */
function tidyingsOf(row: Row, hour: number): readonly Tidying[] {
  return DISTINCT_NAMES.flatMap((name) => {
    const members = membersOf(row, name)
    const level = Number(row[`${name}_level`])
    const oldest = oldestLive(hour - 1)
    const kept = members.filter((seen) => seen >= oldest).length
    const raised = kept > SET_MAX ? Math.min(level + 1, LEVEL_MAX) : relaxed(level, kept)
    if (members.length <= SET_MAX && raised === level) return []
    return [{ subject: String(row.subject), name, oldest, level: raised }]
  })
}
