import { expect, test } from 'vitest'
import { micros } from '../../../src/domain/money.ts'
import type { Subjects } from '../../../src/domain/subjects.ts'
import type { VelocityEvent, VelocityEventKind, VelocityStore } from '../../../src/risk/velocity.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Half past noon and a few seconds: no bucket of any width starts here. */
const NOON = Date.UTC(2025, 2, 5, 12, 30, 7)
const PHONE: Subjects = { phone: 'AC1:p1' }

const ask = (atMs: number, subjects: Subjects = PHONE, country = 'GB') => ({
  atMs,
  subjects,
  country,
})
const event = (
  kind: VelocityEventKind,
  atMs: number,
  more: Partial<VelocityEvent> = {},
): VelocityEvent => ({
  kind,
  atMs,
  sentAtMs: atMs,
  subjects: PHONE,
  price: micros(40_000),
  ...more,
})

/** What every velocity store promises. Each implementation runs this same suite. */
export function velocitySuite(name: string, make: () => Promise<VelocityStore>): void {
  test(`${name}: a request is counted in its own answer, for every subject it has`, async () => {
    const store = await make()
    const velocity = await store.observe(ask(NOON, { phone: 'p', ip: 'i', account: 'a' }))
    const told = Object.entries(velocity).filter(([, tally]) => tally !== undefined)
    expect(told.map(([kind]) => kind)).toEqual(['phone', 'ip', 'account'])
    expect(velocity.phone).toEqual({
      asks_10m: 1,
      asks_1h: 1,
      asks_24h: 1,
      sends_1h: 0,
      sends_24h: 0,
      sends_7d: 0,
      verified_1h: 0,
      verified_24h: 0,
      verified_7d: 0,
      unverified_1h: 0,
      unverified_24h: 0,
      unverified_7d: 0,
      spend_1h: 0,
      spend_24h: 0,
      challenges_failed_1h: 0,
      reports_7d: 0,
      mistyped_24h: 0,
      mistyped_7d: 0,
      phones_24h: 0,
      ips_24h: 1,
      countries_24h: 0,
      accounts_24h: 0,
      gap_ms: -1,
    })
    expect(velocity.account).toMatchObject({ phones_24h: 1, ips_24h: 1, countries_24h: 1 })
  })

  test(`${name}: a request without subjects has no velocity`, async () => {
    const store = await make()
    expect(await store.observe(ask(NOON, {}))).toEqual({})
    await store.record(event('sent', NOON, { subjects: {} }))
  })

  test(`${name}: a hundred requests at once get a hundred different counts`, async () => {
    const store = await make()
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.observe(ask(NOON))))
    const counts = answers.map((velocity) => velocity.phone?.asks_10m ?? 0)
    expect(counts.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
  })

  test(`${name}: the same key in two kinds is two subjects`, async () => {
    const store = await make()
    await store.observe(ask(NOON, { ip: 'same' }))
    const velocity = await store.observe(ask(NOON, { net: 'same' }))
    expect(velocity.net?.asks_10m).toBe(1)
  })

  test(`${name}: each window forgets in its time, never early and at most a bucket late`, async () => {
    const store = await make()
    await store.observe(ask(NOON))
    await store.record(event('sent', NOON))
    const at = async (atMs: number) => (await store.observe(ask(atMs))).phone
    expect(await at(NOON + 10 * MINUTE)).toMatchObject({ asks_10m: 2, gap_ms: 10 * MINUTE })
    expect(await at(NOON + 11 * MINUTE)).toMatchObject({ asks_10m: 2 })
    expect(await at(NOON + HOUR)).toMatchObject({ asks_1h: 4, sends_1h: 1, spend_1h: 40_000 })
    expect(await at(NOON + HOUR + MINUTE)).toMatchObject({ asks_1h: 4, sends_1h: 0, spend_1h: 0 })
    expect(await at(NOON + DAY)).toMatchObject({ asks_24h: 6, sends_24h: 1, spend_24h: 40_000 })
    expect(await at(NOON + DAY + HOUR)).toMatchObject({ asks_24h: 4, sends_24h: 0, spend_24h: 0 })
    expect(await at(NOON + 7 * DAY)).toMatchObject({ asks_24h: 1, sends_7d: 1 })
    expect(await at(NOON + 8 * DAY)).toMatchObject({ sends_7d: 0, gap_ms: DAY })
    expect(await at(NOON + 15 * DAY + 1)).toMatchObject({ gap_ms: -1 })
  })

  test(`${name}: outcomes are counted in the bucket of their send`, async () => {
    const store = await make()
    await store.record(event('sent', NOON - 50 * MINUTE))
    await store.record(event('unverified', NOON, { sentAtMs: NOON - 50 * MINUTE }))
    expect((await store.observe(ask(NOON))).phone).toMatchObject({ sends_1h: 1, unverified_1h: 1 })
    expect((await store.observe(ask(NOON + 12 * MINUTE))).phone).toMatchObject({
      unverified_1h: 0,
      unverified_24h: 1,
      unverified_7d: 1,
    })
  })

  test(`${name}: a message that another channel took over is one message, at the price of that channel`, async () => {
    const store = await make()
    await store.record(event('sent', NOON))
    const later = { sentAtMs: NOON, price: micros(160_000) }
    await store.record(event('repriced', NOON + MINUTE, later))
    await store.record(event('repriced', NOON + MINUTE, { ...later, price: micros(-190_000) }))
    const { phone } = await store.observe(ask(NOON + MINUTE))
    expect(phone).toMatchObject({ sends_1h: 1, spend_1h: 10_000, spend_24h: 10_000 })
    expect((await store.observe(ask(NOON + HOUR + MINUTE))).phone?.spend_1h).toBe(0)
  })

  test(`${name}: a correction moves a send from unverified to verified, and an excuse takes it out`, async () => {
    const store = await make()
    for (const kind of ['sent', 'sent', 'unverified', 'unverified'] as const) {
      await store.record(event(kind, NOON))
    }
    await store.record(event('corrected', NOON + MINUTE, { sentAtMs: NOON }))
    await store.record(event('excused', NOON + MINUTE, { sentAtMs: NOON }))
    const { phone } = await store.observe(ask(NOON + MINUTE))
    expect(phone).toMatchObject({ sends_1h: 2, verified_1h: 1, unverified_1h: 0, unverified_7d: 0 })
  })

  test(`${name}: a correction that overtakes what it corrects is not told as a negative count`, async () => {
    const store = await make()
    await store.record(event('corrected', NOON))
    expect((await store.observe(ask(NOON))).phone).toMatchObject({
      verified_1h: 1,
      unverified_1h: 0,
      unverified_24h: 0,
      unverified_7d: 0,
    })
    await store.record(event('unverified', NOON))
    expect((await store.observe(ask(NOON))).phone).toMatchObject({ unverified_1h: 0 })
  })

  test(`${name}: challenges count for an hour and reports for a week, from when they happened`, async () => {
    const store = await make()
    const sentAtMs = NOON - 6 * DAY
    await store.record(event('challenged', NOON, { sentAtMs }))
    await store.record(event('fraud', NOON, { sentAtMs }))
    const { phone } = await store.observe(ask(NOON))
    expect(phone).toMatchObject({ challenges_failed_1h: 1, reports_7d: 1, unverified_7d: 0 })
    const later = await store.observe(ask(NOON + 6 * DAY))
    expect(later.phone).toMatchObject({ challenges_failed_1h: 0, reports_7d: 1 })
  })

  test(`${name}: wrong first codes count for a day and a week, from their send`, async () => {
    const store = await make()
    const sentAtMs = NOON - 6 * DAY
    await store.record(event('mistyped', NOON, { sentAtMs }))
    await store.record(event('mistyped', NOON))
    const { phone } = await store.observe(ask(NOON))
    expect(phone).toMatchObject({ mistyped_24h: 1, mistyped_7d: 2, unverified_7d: 0 })
    const later = await store.observe(ask(NOON + 2 * DAY))
    expect(later.phone).toMatchObject({ mistyped_24h: 0, mistyped_7d: 1 })
  })

  test(`${name}: money beyond 32 bits is exact`, async () => {
    const store = await make()
    const price = micros(9_000_000_001)
    for (let send = 0; send < 3; send++) await store.record(event('sent', NOON, { price }))
    const { phone } = await store.observe(ask(NOON))
    expect(phone).toMatchObject({ spend_1h: 27_000_000_003, spend_24h: 27_000_000_003 })
  })

  test(`${name}: a request that comes late is counted in its minute and sees its whole window`, async () => {
    const store = await make()
    await store.observe(ask(NOON - HOUR))
    await store.observe(ask(NOON + 3 * MINUTE))
    const { phone } = await store.observe(ask(NOON))
    expect(phone).toMatchObject({ asks_10m: 2, asks_1h: 3, gap_ms: 0 })
    expect((await store.observe(ask(NOON + 4 * MINUTE))).phone).toMatchObject({
      asks_10m: 3,
      gap_ms: MINUTE,
    })
  })

  test(`${name}: distinct counts are exact to 64, each told once, and go within a day and an hour`, async () => {
    const store = await make()
    const met = async (atMs: number, phone: number) =>
      (await store.observe(ask(atMs, { phone: `p${phone}`, ip: 'i' }))).ip?.phones_24h
    for (let phone = 0; phone < 64; phone++) {
      expect(await met(NOON + phone, phone)).toBe(phone + 1)
    }
    expect(await met(NOON + HOUR, 7)).toBe(64)
    expect(await met(NOON + DAY, 8)).toBe(64)
    expect(await met(NOON + DAY + HOUR, 8)).toBe(2)
    expect(await met(NOON + 3 * DAY, 9)).toBe(1)
  })

  test(`${name}: distinct counts above 64 are estimates within a third`, async () => {
    const store = await make()
    const country: Subjects = { country: 'GB' }
    let told = 0
    for (let phone = 0; phone < 600; phone++) {
      const subjects = { ...country, phone: `p${phone}` }
      told = (await store.observe(ask(NOON + phone, subjects))).country?.phones_24h ?? 0
    }
    expect(told).toBeGreaterThan(400)
    expect(told).toBeLessThan(800)
    let quiet = 0
    for (let hour = 0; hour < 12; hour++) {
      const atMs = NOON + 2 * DAY + hour * HOUR
      quiet =
        (await store.observe(ask(atMs, { ...country, phone: 'only' }))).country?.phones_24h ?? 0
    }
    expect(quiet).toBeLessThanOrEqual(1)
  })

  test(`${name}: a number is known to be shared by accounts, and nothing else counts them`, async () => {
    const store = await make()
    for (const account of ['a', 'b', 'c']) {
      await store.observe(ask(NOON, { phone_any: 'n', phone: `${account}:n`, account }))
    }
    const velocity = await store.observe(ask(NOON, { phone_any: 'n', phone: 'a:n', account: 'a' }))
    expect(velocity.phone_any).toMatchObject({ accounts_24h: 3, asks_10m: 4 })
    expect(velocity.phone).toMatchObject({ accounts_24h: 0, asks_10m: 2 })
  })

  test(`${name}: a purge takes what no window reaches and leaves what one does`, async () => {
    const store = await make()
    await store.observe(ask(NOON - 9 * DAY, { phone: 'old' }))
    await store.record(event('sent', NOON - 9 * DAY, { subjects: { phone: 'old' } }))
    await store.observe(ask(NOON - 30 * MINUTE))
    await store.record(event('sent', NOON - 30 * MINUTE))
    await store.purge(NOON, 1000)
    expect(await store.purge(NOON, 1000)).toBe(0)
    expect((await store.observe(ask(NOON))).phone).toMatchObject({
      asks_1h: 2,
      sends_1h: 1,
      sends_7d: 1,
    })
    expect((await store.observe(ask(NOON, { phone: 'old' }))).phone).toMatchObject({
      asks_24h: 1,
      sends_7d: 0,
      gap_ms: -1,
    })
  })
}
