import { expect, test } from 'vitest'
import type { IssueEvent } from '../simulate/event.ts'
import { goalsOf } from './goals.ts'
import type { Measured } from './measured.ts'
import { Meter } from './meter.ts'
import { netBenefit, scoreOf } from './score.ts'

const MINUTE = 60_000

type Short = Partial<Pick<Measured, 'decision' | 'reasons' | 'sent' | 'price' | 'run'>> &
  Partial<Pick<IssueEvent, 'to' | 'tenant' | 'scenario' | 'truth' | 'campaign'>> & {
    readonly minute: number
  }

function measured({
  minute,
  decision = 'allow',
  reasons = [],
  price = 0.05,
  run = 'r',
  ...rest
}: Short): Measured {
  const { sent = decision === 'allow', ...told } = rest
  const event: IssueEvent = {
    type: 'issue',
    t: minute * MINUTE,
    ref: `${minute}`,
    tenant: 'shop',
    to: '+447400000000',
    channel: 'sms',
    purpose: 'login',
    ip: null,
    network: null,
    user_agent: null,
    accept_language: null,
    client_hints: null,
    device_id: null,
    ja4: null,
    session_age_ms: null,
    solves_challenge: false,
    truth: 'legit',
    scenario: 'home_users',
    ...told,
  }
  return { run, event, decision, reasons, sent, price }
}

function scored(events: readonly Short[]) {
  const meter = new Meter()
  for (const event of events) meter.note(measured(event))
  return scoreOf(meter)
}

const botnet = { truth: 'fraud', scenario: 'botnet', campaign: 'botnet-0' } as const

test('money: what was asked for, what leaked, and what leaked before the first block of each campaign', () => {
  const score = scored([
    { ...botnet, minute: 0, price: 0.4 },
    { ...botnet, minute: 5, price: 0.3, decision: 'challenge', sent: true },
    { ...botnet, minute: 6, price: 0.3, decision: 'challenge', sent: false },
    { ...botnet, minute: 8, price: 0.5, decision: 'block' },
    { ...botnet, minute: 9, price: 0.5 },
    { ...botnet, minute: 10, price: 0.2, campaign: 'botnet-1' },
    { ...botnet, minute: 11, price: 0.2, campaign: 'botnet-2', decision: 'block' },
  ])
  expect(score.atStake).toBeCloseTo(2.4, 9)
  expect(score.leaked).toBeCloseTo(1.4, 9)
  expect(score.recall).toBeCloseTo(1 - 1.4 / 2.4, 9)
  const [only] = score.scenarios
  expect(only).toMatchObject({ requests: 7, sent: 4, blocked: 2, challenged: 2, people: undefined })
  expect(only?.attack).toMatchObject({
    campaigns: 3,
    neverBlocked: 1,
    sendsBeforeBlock: 1,
    minutesBeforeBlock: 8,
  })
  expect(only?.attack?.leakedBeforeBlock).toBeCloseTo(0.4 + 0.3 + 0.2, 9)
})

test('people: rates by request and by user, a cap on the number told apart from suspicion', () => {
  const { people, scenarios, refusals } = scored([
    { minute: 0, to: '+1' },
    { minute: 1, to: '+1', decision: 'block', reasons: ['phone_minute_cap'] },
    { minute: 2, to: '+1' },
    { minute: 2, to: '+2', decision: 'challenge', sent: true },
    { minute: 3, to: '+3', decision: 'block', reasons: ['range_pumped'] },
    { minute: 3, to: '+3', tenant: 'bank' },
    { minute: 4, to: '+3', run: 'another' },
    { minute: 5, to: '+4' },
  ])
  expect(people.users).toBe(6)
  expect(people.blockedByRequest).toBeCloseTo(2 / 8, 9)
  expect(people.blockedByUser).toBeCloseTo(2 / 6, 9)
  expect(people.suspectedByUser).toBeCloseTo(1 / 6, 9)
  expect(people.challengedByRequest).toBeCloseTo(1 / 8, 9)
  expect(people.challengedByUser).toBeCloseTo(1 / 6, 9)
  expect(scenarios[0]).toMatchObject({ scenario: 'home_users', capped: 1, blocked: 2 })
  expect(refusals).toEqual([
    { reason: 'phone_minute_cap', blocked: 1, challenged: 0 },
    { reason: 'none', blocked: 0, challenged: 1 },
    { reason: 'range_pumped', blocked: 1, challenged: 0 },
  ])
})

test('a visit is lost when it ends without a code, not when a second try brings one', () => {
  const block = { decision: 'block' } as const
  expect(scored([{ minute: 0, ...block }, { minute: 2 }]).people.visitsLost).toBe(0)
  expect(
    scored([
      { minute: 0, ...block },
      { minute: 2, ...block },
    ]).people.visitsLost,
  ).toBe(1)
  expect(scored([{ minute: 0, ...block }, { minute: 60 }]).people.visitsLost).toBe(1)
  expect(
    scored([
      { minute: 0, ...block },
      { minute: 60, ...block },
    ]).people.visitsLost,
  ).toBe(2)
})

test('net benefit is the money kept less what the people are worth who left', () => {
  const attack = { ...botnet, minute: 0, price: 2 }
  const person = { minute: 1, to: '+2' }
  const allowAll = scored([attack, person])
  const strict = scored([
    { ...attack, decision: 'block' },
    { ...person, decision: 'block' },
  ])
  expect(netBenefit(strict, allowAll, 0.5)).toBeCloseTo(1.5, 9)
  expect(netBenefit(strict, allowAll, 3)).toBeCloseTo(-1, 9)
  expect(netBenefit(allowAll, allowAll, 1)).toBe(0)
})

test('probes of monitors are shown and are neither people nor lost', () => {
  const { people, scenarios } = scored([{ minute: 0, scenario: 'monitors', decision: 'block' }])
  expect(people).toMatchObject({ users: 0, visitsLost: 0 })
  expect(scenarios[0]?.people).toMatchObject({ users: 1, blockedByUser: 1 })
})

test('the worst hour and day of a victim are counted in moving windows, whoever asked', () => {
  const bomb = { truth: 'fraud', scenario: 'bombing', campaign: 'bombing-0', to: '+9' } as const
  const { victims } = scored([
    ...[50, 55, 59, 61, 65].map((minute) => ({ ...bomb, minute, tenant: `t${minute}` })),
    { minute: 66, to: '+9' },
    { ...bomb, minute: 67, decision: 'block' },
    { ...bomb, minute: 23 * 60 },
    { ...bomb, minute: 30 * 60 },
    ...Array.from({ length: 20 }, (_, minute) => ({ minute: 40 * 60 + minute, to: '+8' })),
  ])
  expect(victims).toEqual({ perHour: 6, perDay: 7 })
})

test('fairness sets shared addresses beside others of the same tenants, and prices apart', () => {
  const { fairness } = scored([
    { minute: 0, to: '+1', scenario: 'cgnat', decision: 'challenge' },
    { minute: 1, to: '+2', price: 0.2 },
    { minute: 2, to: '+3', tenant: 'other', decision: 'block' },
  ])
  expect(fairness.cgnat).toMatchObject({ users: 1, challengedByUser: 1 })
  expect(fairness.notCgnat).toMatchObject({ users: 1, blockedByUser: 0 })
  expect(fairness.expensive).toMatchObject({ users: 1, blockedByUser: 0 })
  expect(fairness.cheap).toMatchObject({ users: 2, blockedByUser: 0.5 })
})

test('every goal has its figure and says whether it is met', () => {
  const attack = { ...botnet, minute: 0, price: 1 }
  const allowAll = scored([attack, { minute: 1 }])
  const perfect = scored([{ ...attack, decision: 'block' }, { minute: 1 }])
  const baselines = new Map([['allow_all', allowAll]])
  const goals = goalsOf({ candidate: perfect, allowAll, baselines })
  expect(goals.filter(({ met }) => !met)).toEqual([])
  expect(goals.map(({ name }) => name)).toContain('cost recall of botnet')
  const poor = goalsOf({ candidate: allowAll, allowAll, baselines })
  const missed = poor.filter(({ met }) => !met)
  expect(missed.map(({ name }) => name.slice(0, 11))).toEqual([
    'cost recall',
    'cost recall',
    ...Array.from({ length: 5 }, () => 'net benefit'),
  ])
})
