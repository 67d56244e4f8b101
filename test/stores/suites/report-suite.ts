import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AccountId,
  newId,
  type ReportId,
  type VerificationId,
} from '../../../src/domain/ids.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import {
  type FraudReport,
  REPORT_GROUPS,
  type ReportStore,
  type TrafficRow,
} from '../../../src/risk/reports.ts'
import type { Database, SqlValue, Statement } from '../../../src/storage/database.ts'
import { ipHashOf, sealIp } from '../../../src/storage/sql/privacy.ts'
import { countedIds } from './tenancy-suite.ts'

export type ReportBench = {
  readonly store: ReportStore
  readonly db: Database
  readonly vault: Vault
}

const ACCOUNT = `AC${'1'.repeat(32)}` as AccountId
const OTHER = `AC${'2'.repeat(32)}` as AccountId
const HOUR_MS = 3_600_000
const DAY = { accountId: ACCOUNT, fromMs: 0, toMs: 24 * HOUR_MS }
const COUNTS = [
  'requests',
  'allowed',
  'challenged',
  'blocked',
  'sends',
  'verified',
  'spent',
  'saved',
] as const satisfies readonly (keyof TrafficRow)[]
const NOTHING = Object.fromEntries(COUNTS.map((count) => [count, 0]))

type Hour = {
  readonly account?: AccountId
  readonly hour: number
  readonly service: string
  readonly country: string
  readonly range: string
  readonly asn: number
  readonly reason: string
  readonly counts: readonly number[]
}

/** Adds to the hour as the triggers would. */
function trafficHour({ account = ACCOUNT, ...hour }: Hour): Statement {
  const { service, country, range, asn, reason, counts } = hour
  return {
    sql: `INSERT INTO traffic_hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, allowed = allowed + excluded.allowed,
        challenged = challenged + excluded.challenged, blocked = blocked + excluded.blocked,
        sends = sends + excluded.sends, verified = verified + excluded.verified,
        spent_micros = spent_micros + excluded.spent_micros, saved_micros = saved_micros + excluded.saved_micros`,
    args: [account, hour.hour * HOUR_MS, service, country, range, asn, reason, ...counts],
  }
}

const anHour = (parts: Partial<Hour>): Statement =>
  trafficHour({
    hour: 1,
    service: 'VA1',
    country: 'GB',
    range: '+4477',
    asn: 64500,
    reason: '',
    counts: [1, 1, 0, 0, 1, 1, 20_000, 0],
    ...parts,
  })

const hours = fc.array(
  fc.record({
    hour: fc.integer({ min: 0, max: 25 }),
    service: fc.constantFrom('VA1', 'VA2'),
    country: fc.constantFrom('GB', 'FR', '001'),
    range: fc.constantFrom('+4477', '+336', '+33612'),
    asn: fc.constantFrom(0, 64500, 64501),
    reason: fc.constantFrom('', 'range_surge', 'blocked_country'),
    counts: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 8, maxLength: 8 }),
  }),
  { maxLength: 40 },
)

const summed = (rows: readonly TrafficRow[]): Record<string, number> =>
  Object.fromEntries(COUNTS.map((count) => [count, rows.reduce((sum, row) => sum + row[count], 0)]))

/** What every report store promises. `make` gives an empty one each time. */
export function reportSuite(name: string, make: () => Promise<ReportBench>): void {
  test(`${name}: the rows of any grouping add up to the total`, async () => {
    const { store, db } = await make()
    const property = fc.asyncProperty(hours, async (drawn) => {
      await db.driver.batch([
        { sql: 'DELETE FROM traffic_hours', args: [] },
        ...drawn.map(trafficHour),
      ])
      const { key, ...total } = await store.trafficTotal(DAY)
      expect(key).toBe('total')
      expect(total.requests).toBe(
        drawn.reduce((sum, { hour, counts }) => sum + (hour < 24 ? (counts[0] ?? 0) : 0), 0),
      )
      for (const groupBy of REPORT_GROUPS) {
        const rows = await store.traffic({ ...DAY, groupBy, limit: 1_000 })
        expect(summed(rows)).toEqual(total)
        expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
      }
    })
    await fc.assert(property, { numRuns: 25 })
  })

  test(`${name}: most requests come first, hours in the order of time, and no more rows than asked for`, async () => {
    const { store, db } = await make()
    const counts = (requests: number) => [requests, requests, 0, 0, 0, 0, 0, 0]
    await db.driver.batch([
      anHour({ hour: 3, country: 'FR', counts: counts(5) }),
      anHour({ hour: 2, country: 'GB', counts: counts(9) }),
      anHour({ hour: 4, country: 'DE', counts: counts(5) }),
    ])
    const keys = async (groupBy: 'country' | 'hour', limit: number) =>
      (await store.traffic({ ...DAY, groupBy, limit })).map(({ key }) => key)
    expect(await keys('country', 10)).toEqual(['GB', 'DE', 'FR'])
    expect(await keys('country', 1)).toEqual(['GB'])
    expect(await keys('hour', 2)).toEqual(['1970-01-01T02:00:00.000Z', '1970-01-01T03:00:00.000Z'])
  })

  test(`${name}: an unknown network and the absence of a reason have names`, async () => {
    const { store, db } = await make()
    await db.driver.all(anHour({ asn: 0, reason: '' }))
    const [byAsn] = await store.traffic({ ...DAY, groupBy: 'asn', limit: 9 })
    const [byReason] = await store.traffic({ ...DAY, groupBy: 'reason', limit: 9 })
    expect([byAsn?.key, byReason?.key]).toEqual(['unknown', 'none'])
  })

  test(`${name}: a window takes whole hours: the one that holds its start, none that starts at its end`, async () => {
    const { store, db } = await make()
    await db.driver.batch([1, 2, 3].map((hour) => anHour({ hour })))
    const requests = async (fromMs: number, toMs: number) =>
      (await store.trafficTotal({ accountId: ACCOUNT, fromMs, toMs })).requests
    expect(await requests(HOUR_MS + 1, 3 * HOUR_MS)).toBe(2)
    expect(await requests(HOUR_MS, 3 * HOUR_MS + 1)).toBe(3)
    expect(await requests(2 * HOUR_MS, 2 * HOUR_MS)).toBe(0)
  })

  test(`${name}: another account's traffic is not in any row`, async () => {
    const { store, db } = await make()
    await db.driver.all(anHour({ account: OTHER }))
    expect(await store.trafficTotal(DAY)).toEqual({ key: 'total', ...NOTHING })
    expect(await store.traffic({ ...DAY, groupBy: 'range', limit: 9 })).toEqual([])
  })

  test(`${name}: addresses are told in clear, most refused first, then the newest, and never the innocent`, async () => {
    const { store, db, vault } = await make()
    const ip = (address: string, hour: number, counts: readonly SqlValue[]): Statement => ({
      sql: 'INSERT INTO traffic_ips VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      args: [
        ACCOUNT,
        hour * HOUR_MS,
        ipHashOf(vault, address),
        sealIp(vault, ACCOUNT, address),
        ...counts,
      ],
    })
    await db.driver.batch([
      ip('203.0.113.1', 1, [5, 0, 2, 200]),
      ip('203.0.113.1', 2, [4, 1, 0, 100]),
      ip('2001:db8::', 1, [9, 1, 1, 70]),
      ip('203.0.113.3', 5, [2, 0, 2, 50]),
      ip('203.0.113.4', 5, [9, 0, 0, 0]),
      ip('203.0.113.5', 25, [9, 0, 9, 9]),
    ])
    const rows = await store.topIps({ ...DAY, limit: 10 })
    expect(rows.map(({ key }) => key)).toEqual(['203.0.113.1', '203.0.113.3', '2001:db8::'])
    const counted = { requests: 9, allowed: 6, challenged: 1, blocked: 2, saved: 300 }
    expect(rows[0]).toEqual({ ...NOTHING, key: '203.0.113.1', ...counted })
    expect(await store.topIps({ ...DAY, limit: 1 })).toHaveLength(1)
  })

  test(`${name}: a report comes back as it was made, newest first, to its own account`, async () => {
    const ids = countedIds()
    const { store } = await make()
    const blank = { verificationId: undefined, phone: undefined, range: undefined, ip: undefined }
    const report = (subject: Partial<FraudReport>): FraudReport => ({
      ...blank,
      id: newId('FR', ids),
      accountId: ACCOUNT,
      label: 'fraud',
      note: undefined,
      author: 'SK1',
      createdAtMs: ids.nowMs(),
      ...subject,
    })
    const reports = [
      report({ phone: '+447700900123', note: 'called us' }),
      report({ ip: '203.0.113.7', label: 'legit' }),
      report({ range: '+4477009' }),
      report({ verificationId: `VE${'3'.repeat(32)}` as VerificationId }),
    ]
    for (const each of [...reports, report({ accountId: OTHER })]) await store.add(each)
    const first = await store.list(ACCOUNT, { limit: 3, before: undefined })
    const rest = await store.list(ACCOUNT, { limit: 3, before: first.at(-1)?.id as ReportId })
    expect([...first, ...rest]).toEqual(reports.toReversed())
  })
}
