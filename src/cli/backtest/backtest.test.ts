import { expect, test } from 'vitest'
import type { Outcome } from '../../domain/decision.ts'
import type { Replay, ReplayEvent } from '../../flows/replay.ts'
import { openComparison } from './compare.ts'
import { backtestPage } from './page.ts'
import { reportOn } from './report.ts'
import { backtestText } from './text.ts'

const PRICE = 50_000
const SIDES = {
  a: { rules: 'rules', model: 'forest.json' },
  b: { rules: '<b>"try"</b>', model: 'forest.json' },
}

const issue = (ref: string, to: string, t = 1_790_000_000_000): ReplayEvent => ({
  type: 'issue',
  t,
  ref,
  tenant: 'one',
  to,
  channel: 'sms',
  purpose: undefined,
  client: {
    ip: undefined,
    userAgent: undefined,
    acceptLanguage: undefined,
    clientHints: undefined,
    deviceId: undefined,
    ja4: undefined,
    sessionAgeMs: undefined,
    network: undefined,
  },
  solvesChallenge: false,
})

/** Decides by the number's country code alone. */
const policy = (outcomes: Readonly<Record<string, Outcome>>): Replay => ({
  apply: async (event) => {
    if (event.type !== 'issue') return undefined
    const decision = outcomes[event.to.slice(0, 3)] ?? 'allow'
    return {
      ref: event.ref,
      decision,
      sent: decision === 'allow',
      score: 0,
      reasons: [`${decision}_it`],
      price_micros: PRICE,
      currency: 'USD',
    }
  },
})

const GB = '+447400123456'
const DE = '+4915123456789'

async function example() {
  const comparison = openComparison(policy({ '+44': 'challenge' }), policy({ '+49': 'block' }))
  const apply = comparison.apply
  await apply(issue('told-bad', GB), 'fraud')
  await apply(issue('verified', GB), undefined)
  await apply(
    { type: 'check', t: 1_790_000_000_001, ref: 'verified', correct: true, ip: undefined },
    undefined,
  )
  await apply(issue('reported', DE), undefined)
  await apply(
    { type: 'check', t: 1_790_000_000_002, ref: 'reported', correct: true, ip: undefined },
    undefined,
  )
  await apply({ type: 'report', t: 1_790_000_000_003, ref: 'reported', label: 'fraud' }, undefined)
  await apply(issue('good-german', DE), 'legit')
  await apply(issue('silent', DE), undefined)
  await apply(
    { type: 'check', t: 1_790_000_000_004, ref: 'silent', correct: false, ip: undefined },
    undefined,
  )
  await apply({ type: 'completed', t: 1_790_000_000_005, ref: 'nobody' }, undefined)
  return { ...SIDES, events: 10, malformed: 0, compared: comparison.compared() }
}

test('a request is what it was told to be, else what was reported, else good when its code came back', async () => {
  const { compared } = await example()
  expect(compared.map(({ label }) => label)).toEqual(['bad', 'good', 'bad', 'good', 'unknown'])
})

test('both sides are counted in people and in money', async () => {
  const { total, labels, changed } = reportOn(await example())
  expect(labels).toEqual({ good: 2, bad: 2, unknown: 1 })
  expect(changed).toBe(5)
  expect(total.a).toMatchObject({
    requests: 5,
    challenged: 2,
    blocked: 0,
    good_challenged: 1,
    bad_missed: 1,
    bad_missed_micros: PRICE,
    bad_stopped_micros: PRICE,
  })
  expect(total.b).toMatchObject({
    allowed: 2,
    blocked: 3,
    good_blocked: 1,
    good_blocked_micros: PRICE,
    unknown_blocked: 1,
    bad_missed: 1,
    bad_stopped: 1,
  })
})

test('changes, reasons and countries add up to the whole', async () => {
  const report = reportOn(await example())
  expect(report.changes).toEqual([
    { from: 'allow', to: 'block', good: 1, bad: 1, unknown: 1, micros: 3 * PRICE },
    { from: 'challenge', to: 'allow', good: 1, bad: 1, unknown: 0, micros: 2 * PRICE },
  ])
  expect(report.by_country.map(({ key, a, b }) => [key, a.challenged, b.blocked])).toEqual([
    ['DE', 0, 3],
    ['GB', 2, 0],
  ])
  expect(report.by_reason.map(({ key, a, b }) => [key, a.requests, b.requests])).toEqual([
    ['block_it', 0, 3],
    ['challenge_it', 2, 0],
  ])
  for (const side of ['a', 'b'] as const) {
    const missed = report.by_country.reduce((sum, group) => sum + group[side].bad_missed, 0)
    expect(missed).toBe(report.total[side].bad_missed)
    const later = report.over_time.points.reduce((sum, group) => sum + group[side].requests, 0)
    expect(later).toBe(report.total[side].requests)
  }
})

test('the text names what changed, with the money', async () => {
  const text = backtestText(reportOn(await example()))
  expect(text).toContain('5 requests')
  expect(text).toMatch(/blocked good\s+0\s+1\s+\+1/)
  expect(text).toMatch(/challenge\s+allow\s+1\s+1\s+0\s+0\.10/)
})

test('the page needs nothing from anywhere and shows names as text', async () => {
  const page = backtestPage(reportOn(await example()))
  expect(page).not.toMatch(/<script|https?:|url\(|@import|<link|<img/)
  expect(page).toContain('prefers-color-scheme: dark')
  expect(page).not.toContain('<b>"try"</b>')
  expect(page).toContain('&#60;b&#62;')
  expect(page.match(/<svg/g)).toHaveLength(5)
})

test('an empty recording makes a report and a page', () => {
  const report = reportOn({ ...SIDES, events: 0, malformed: 0, compared: [] })
  expect(report.total.a.requests).toBe(0)
  expect(backtestPage(report)).not.toContain('NaN')
  expect(backtestText(report)).toContain('0 requests')
})
