import { expect, test } from 'vitest'
import type { IssueEvent } from '../../simulate/event.ts'
import type { Detector, Judged } from '../detector.ts'
import { openAliyunCaps } from './aliyun.ts'
import { openAuthgear } from './authgear.ts'
import { openConstant } from './constant.ts'
import { openIpCaps } from './ip-caps.ts'
import { openPrefixGuard } from './prefix-guard.ts'
import { OpenSends } from './windows.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let refs = 0

function issue(t: number, change: Partial<IssueEvent> = {}): IssueEvent {
  return {
    type: 'issue',
    t,
    ref: `ref-${refs++}`,
    tenant: 'shop',
    to: '+447400000000',
    channel: 'sms',
    purpose: 'login',
    ip: '86.1.2.3',
    network: null,
    user_agent: null,
    accept_language: null,
    client_hints: null,
    device_id: null,
    ja4: null,
    session_age_ms: null,
    solves_challenge: false,
    truth: 'legit',
    scenario: 'test',
    ...change,
  }
}

/** Decides, learns, and types the code in at once where `verifies` says so. */
async function ask(
  detector: Detector,
  event: IssueEvent,
  { country = 'GB', verifies = false } = {},
): Promise<Judged> {
  const judged = await detector.decide({ event, country })
  const sent = judged.decision === 'allow'
  await detector.learn(event, sent)
  if (sent && verifies) {
    const { t, ref, truth, scenario } = event
    await detector.learn({ type: 'check', t, ref, correct: true, truth, scenario }, true)
  }
  return judged
}

async function decisions(detector: Detector, events: readonly IssueEvent[], options = {}) {
  const all: string[] = []
  for (const event of events) all.push((await ask(detector, event, options)).decision)
  return all
}

const blocked = (all: readonly string[]) => all.filter((each) => each === 'block').length

test('the constant ones say the same to everybody', async () => {
  expect(await ask(openConstant('allow'), issue(0))).toEqual({ decision: 'allow' })
  expect(await ask(openConstant('challenge'), issue(0))).toEqual({ decision: 'challenge' })
})

test('Alibaba’s windows follow the calendar: two seconds can be two minutes', async () => {
  const caps = openAliyunCaps()
  const at = async (t: number) => (await ask(caps, issue(t))).reasons?.[0]
  expect(await at(59 * SECOND)).toBeUndefined()
  expect(await at(MINUTE)).toBeUndefined()
  expect(await at(MINUTE + SECOND)).toBe('phone_minute_cap')
  for (const minute of [2, 3, 4]) expect(await at(minute * MINUTE)).toBeUndefined()
  expect(await at(5 * MINUTE)).toBe('phone_hour_cap')
  for (let minute = 0; minute < 5; minute++) await at(HOUR + minute * MINUTE)
  expect(await at(2 * HOUR)).toBe('phone_day_cap')
  expect(await at(DAY)).toBeUndefined()
})

test('Alibaba’s forty a day hold for all senders together', async () => {
  const caps = openAliyunCaps()
  const asked = Array.from({ length: 42 }, (_, count) =>
    issue(count * MINUTE, { tenant: `tenant-${count % 14}` }),
  )
  expect(blocked(await decisions(caps, asked))).toBe(2)
})

test('an address may ask ten times in any hour, whoever sits behind it', async () => {
  const caps = openIpCaps()
  const asked = Array.from({ length: 12 }, (_, count) =>
    issue(count * MINUTE, { to: `+4474${count}` }),
  )
  expect(blocked(await decisions(caps, asked))).toBe(2)
  expect((await ask(caps, issue(HOUR))).decision).toBe('allow')
  expect((await ask(caps, issue(12 * MINUTE, { ip: null }))).decision).toBe('allow')
  expect((await ask(caps, issue(12 * MINUTE, { tenant: 'bank' }))).decision).toBe('allow')
})

const spread = (count: number, everyMs: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    issue(from + index * everyMs, {
      to: `+99450${index}`,
      ip: `10.0.${index >> 8}.${index & 255}`,
    }),
  )

test('Authgear refuses a high-risk country at fifteen unverified codes a day, or a sixth of it an hour', async () => {
  expect(blocked(await decisions(openAuthgear(), spread(5, MINUTE), { country: 'AZ' }))).toBe(2)
  expect(blocked(await decisions(openAuthgear(), spread(17, HOUR), { country: 'AZ' }))).toBe(2)
  expect(blocked(await decisions(openAuthgear(), spread(6, MINUTE), { country: 'FR' }))).toBe(1)
  expect(blocked(await decisions(openAuthgear(), spread(51, SECOND), { country: 'US' }))).toBe(1)
})

test('at Authgear a busy past allows more, and verified codes do not count', async () => {
  const guard = openAuthgear()
  const busy = await decisions(guard, spread(400, MINUTE), { country: 'AZ', verifies: true })
  expect(blocked(busy)).toBe(0)
  // A fifth of 400 a day is 80, a sixth of that 13.3 in an hour.
  const silent = await decisions(guard, spread(16, MINUTE, 2 * DAY), { country: 'AZ' })
  expect(blocked(silent)).toBe(2)
})

test('at Authgear an address has five unverified codes an hour and five countries a day', async () => {
  const asked = Array.from({ length: 7 }, (_, count) => issue(count * MINUTE))
  expect(blocked(await decisions(openAuthgear(), asked, { country: 'US' }))).toBe(2)
  const guard = openAuthgear()
  const countries = ['US', 'CA', 'GB', 'FR', 'DE', 'ES']
  const answers = []
  for (const country of countries) {
    answers.push(await ask(guard, issue(answers.length * HOUR), { country, verifies: true }))
  }
  expect(answers.map(({ decision }) => decision)).toEqual([...Array(5).fill('allow'), 'block'])
  expect(answers.at(-1)?.reasons).toEqual(['ip_countries'])
})

test('at Authgear a flow that ended another way frees its code', async () => {
  const guard = openAuthgear()
  for (let count = 0; count < 5; count++) {
    const event = issue(count * MINUTE)
    await ask(guard, event, { country: 'US' })
    const { ref, t, truth, scenario } = event
    await guard.learn({ type: 'completed', by: 'other_factor', ref, t, truth, scenario }, true)
  }
  expect((await ask(guard, issue(6 * MINUTE), { country: 'US' })).decision).toBe('allow')
})

const prefixed = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    issue(from + index * MINUTE, { to: `+994501${2_000 + index}` }),
  )

test('the prefix guard blocks a silent prefix for twelve hours, and leaves one alone that answers', async () => {
  const guard = openPrefixGuard()
  const all = await decisions(guard, prefixed(30))
  // Fifteen codes, and three minutes for the last of them.
  expect(all.indexOf('block')).toBe(17)
  expect((await ask(guard, issue(17 * MINUTE + 11 * HOUR, { to: '+9945019999' }))).decision).toBe(
    'block',
  )
  expect((await ask(guard, issue(17 * MINUTE + 12 * HOUR, { to: '+9945019999' }))).decision).toBe(
    'allow',
  )
  expect((await ask(guard, issue(20 * MINUTE, { to: '+9945029999' }))).decision).toBe('allow')
  expect(blocked(await decisions(openPrefixGuard(), prefixed(30), { verifies: true }))).toBe(0)
})

test('sends that nobody answered are counted within the last hour and day', () => {
  const sends = new OpenSends()
  const first = sends.add(0)
  for (let hour = 1; hour <= 30; hour++) sends.add(hour * HOUR)
  expect(sends.at(30 * HOUR)).toEqual({ day: 24, hour: 1 })
  sends.close(first)
  expect(sends.at(30 * HOUR)).toEqual({ day: 24, hour: 1 })
  const last = sends.add(30 * HOUR + 1)
  sends.close(last)
  sends.close(last)
  expect(sends.at(30 * HOUR + 1)).toEqual({ day: 24, hour: 1 })
})
