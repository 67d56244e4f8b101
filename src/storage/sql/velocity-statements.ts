import { SUBJECT_KINDS, type SubjectKind, type Subjects } from '../../domain/subjects.ts'
import {
  dayFrom,
  GRAINS,
  type Grain,
  grainOf,
  hourFrom,
  hourOf,
  LATE_MINUTES,
  minuteOf,
  startOf,
  tenMinutesFrom,
  weekFrom,
} from '../../risk/velocity/buckets.ts'
import { COLUMNS, type Counts, countedAtMs, ONE_ASK, toCounts } from '../../risk/velocity/counts.ts'
import {
  DISTINCT_NAMES,
  DISTINCT_OF,
  type DistinctName,
  HOUR_UNIT,
  type MemberHashes,
  memberHashes,
} from '../../risk/velocity/distinct.ts'
import type { Ask, VelocityEvent } from '../../risk/velocity.ts'
import type { Statement } from '../database.ts'
import { DAY_MS, statement } from './statements.ts'

export type PresentSubject = { readonly kind: SubjectKind; readonly subject: string }

/** The request's subjects with kind and key in one text, so that no two kinds meet. */
export const presentSubjects = (subjects: Subjects): readonly PresentSubject[] =>
  SUBJECT_KINDS.flatMap((kind) => {
    const key = subjects[kind]
    return key === undefined ? [] : [{ kind, subject: `${kind}:${key}` }]
  })

/** Subjects and buckets come as JSON lists: D1 allows a statement a hundred parameters, and thirteen subjects need more. */
const namesOf = (present: readonly PresentSubject[]): string =>
  JSON.stringify(present.map(({ subject }) => subject))

const BUCKET_COLUMNS = [...COLUMNS, 'spend_micros']
const ADD_TO_BUCKETS = `INSERT INTO velocity_buckets (subject, grain, start_minute, ${BUCKET_COLUMNS.join(', ')})
SELECT one.value, bucket.value ->> 0, bucket.value ->> 1, ${BUCKET_COLUMNS.map((_, index) => `?${index + 3}`).join(', ')}
FROM json_each(?1) AS one, json_each(?2) AS bucket WHERE true
ON CONFLICT (subject, grain, start_minute) DO UPDATE SET
${BUCKET_COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`

function addToBuckets(
  present: readonly PresentSubject[],
  { columns, spend }: Counts,
  place: { readonly minute: number; readonly grains: readonly Grain[] },
): Statement {
  const buckets = place.grains.map((grain) => [grain, startOf(place.minute, grain)])
  return statement(ADD_TO_BUCKETS, namesOf(present), JSON.stringify(buckets), ...columns, spend)
}

/** No window of requests is made of days. */
export const addAsk = (present: readonly PresentSubject[], ask: Ask): Statement =>
  addToBuckets(present, ONE_ASK, {
    minute: minuteOf(ask.atMs),
    grains: [GRAINS.minute, GRAINS.hour],
  })

/** Adds an event to those buckets that some window still reads; undefined when there are none. */
export function addEvent(event: VelocityEvent): Statement | undefined {
  const minute = minuteOf(countedAtMs(event))
  const finest = grainOf(minute, minuteOf(event.atMs))
  const present = presentSubjects(event.subjects)
  if (finest === undefined || present.length === 0) return undefined
  const grains = grainsOf(event).filter((grain) => grain >= finest)
  return grains.length === 0
    ? undefined
    : addToBuckets(present, toCounts(event), { minute, grains })
}

function grainsOf({ kind }: VelocityEvent): readonly Grain[] {
  if (kind === 'challenged') return [GRAINS.minute]
  if (kind === 'fraud') return [GRAINS.day]
  if (kind === 'mistyped') return [GRAINS.hour, GRAINS.day]
  return [GRAINS.minute, GRAINS.hour, GRAINS.day]
}

/** One row for each subject and grain. The cross joins keep the order of the loops: each window is one stretch of the key. */
const READ_SUMS = `SELECT bucket.subject, bucket.grain,
coalesce(sum(asks) FILTER (WHERE start_minute >= ?3), 0) AS asks_10m,
${BUCKET_COLUMNS.map((column) => `sum(${column}) AS ${column}`).join(', ')}
FROM json_each(?1) AS one CROSS JOIN json_each(?2) AS window CROSS JOIN velocity_buckets AS bucket
WHERE bucket.subject = one.value AND bucket.grain = window.value ->> 0
AND bucket.start_minute >= window.value ->> 1
GROUP BY bucket.subject, bucket.grain`

export function readSums(present: readonly PresentSubject[], atMs: number): Statement {
  const minute = minuteOf(atMs)
  const windows = [
    [GRAINS.minute, hourFrom(minute)],
    [GRAINS.hour, dayFrom(minute)],
    [GRAINS.day, weekFrom(minute)],
  ]
  return statement(READ_SUMS, namesOf(present), JSON.stringify(windows), tenMinutesFrom(minute))
}

/** Takes the member over where the set samples it at its level and has not seen it in this hour or a later one. */
const learned = (name: DistinctName): string => `${name} = coalesce((
SELECT json_set(coalesce(velocity_subjects.${name}, '{}'), '$."' || member.key || '"', member.value + ${name}_level)
FROM json_each(excluded.${name}) AS member WHERE ${sampledAt(`${name}_level`)} AND
coalesce(json_extract(velocity_subjects.${name}, '$."' || member.key || '"'), 0) < member.value + ${name}_level), ${name})`

const sampledAt = (level: string): string =>
  `(CAST(member.key AS INTEGER) & ((1 << ${level}) - 1)) = 0`

const MEET = `INSERT INTO velocity_subjects (subject, seen_day, last_ask_ms, ${DISTINCT_NAMES.join(', ')})
SELECT value ->> 0, ?2, ?3, ${DISTINCT_NAMES.map((_, index) => `value ->> ${index + 1}`).join(', ')}
FROM json_each(?1) WHERE true
ON CONFLICT (subject) DO UPDATE SET
previous_ask_ms = last_ask_ms, last_ask_ms = max(last_ask_ms, excluded.last_ask_ms),
seen_day = max(seen_day, excluded.seen_day),
${DISTINCT_NAMES.map(learned).join(',\n')}
RETURNING *`

/** Notes when each subject asked and whom it was seen with, and answers its row. */
export function meet(present: readonly PresentSubject[], ask: Ask): Statement {
  const hashes = memberHashes(ask)
  const seen = hourOf(ask.atMs) * HOUR_UNIT
  const rows = present.map(({ kind, subject }) => [
    subject,
    ...DISTINCT_NAMES.map((name) => newMember(kind, name, { hashes, seen })),
  ])
  return statement(MEET, JSON.stringify(rows), dayOf(ask.atMs), ask.atMs)
}

function newMember(
  kind: SubjectKind,
  name: DistinctName,
  { hashes, seen }: { hashes: MemberHashes; seen: number },
): Readonly<Record<string, number>> | null {
  const hash = hashes[name]
  if (hash === undefined || !DISTINCT_OF[kind].includes(name)) return null
  return { [hash >>> 0]: seen }
}

/** How a set is brought back to its bound: members not seen since `oldest` go, and those that `level` does not sample. */
export type Tidying = {
  readonly subject: string
  readonly name: DistinctName
  readonly oldest: number
  readonly level: number
}

/** Works on the set as it is when the statement runs, so that it takes nothing back that was learned meanwhile. */
export const tidy = ({ subject, name, oldest, level }: Tidying): Statement =>
  statement(
    `UPDATE velocity_subjects SET ${name}_level = ?2, ${name} = (
SELECT json_group_object(member.key, member.value + max(0, ?2 - member.value % ${HOUR_UNIT}))
FROM json_each(velocity_subjects.${name}) AS member WHERE member.value >= ?3 AND ${sampledAt('?2')}) WHERE subject = ?1`,
    subject,
    level,
    oldest,
  )

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)
const WEEK_DAYS = 7

/** Deletes what no window reaches, latecomers included; up to `limit` rows in each statement, each answered by a row. */
export function purgeStatements(nowMs: number, limit: number): readonly Statement[] {
  const minute = minuteOf(nowMs)
  const oldBuckets: readonly (readonly [Grain, number])[] = [
    [GRAINS.minute, hourFrom(minute) - LATE_MINUTES],
    [GRAINS.hour, dayFrom(minute - LATE_MINUTES)],
    [GRAINS.day, weekFrom(minute - LATE_MINUTES)],
  ]
  return [
    ...oldBuckets.map(([grain, from]) => statement(FORGET_BUCKETS, grain, from, limit)),
    statement(FORGET_SUBJECTS, dayOf(nowMs) - WEEK_DAYS - 1, limit),
  ]
}

const FORGET_BUCKETS = `DELETE FROM velocity_buckets WHERE rowid IN (
SELECT rowid FROM velocity_buckets WHERE grain = ? AND start_minute < ? LIMIT ?) RETURNING 1`
const FORGET_SUBJECTS = `DELETE FROM velocity_subjects WHERE rowid IN (
SELECT rowid FROM velocity_subjects WHERE seen_day < ? LIMIT ?) RETURNING 1`
