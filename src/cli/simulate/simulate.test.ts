import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { COUNTRIES } from './countries.ts'
import { diceOf } from './dice.ts'
import type { IssueEvent, SimEvent } from './event.ts'
import { homeAddress } from './networks.ts'
import { anyBlock, anyNumber, numberOf } from './numbering.ts'
import { HELD_OUT_SCENARIOS, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios.ts'
import type { Setting } from './setting.ts'
import { drawSetting } from './setting-drawn.ts'
import { simulate, WORLD_NAMES, type WorldName } from './simulate.ts'
import { DAY, HOUR } from './world.ts'

function run(seed: number, scenarios: readonly ScenarioName[], days = 2, scale = 0.2): SimEvent[] {
  return [...simulate({ seed, days, scale, scenarios })]
}

function issuesOf(events: readonly SimEvent[]): IssueEvent[] {
  return events.filter((event) => event.type === 'issue')
}

function digestOf(seed: number, world: WorldName = 'a'): string {
  const hash = createHash('sha256')
  for (const event of simulate({ seed, world, days: 1, scale: 0.1 }))
    hash.update(JSON.stringify(event))
  return hash.digest('hex')
}

test('the same seed gives the same events, byte for byte, and another seed others', () => {
  expect(digestOf(1)).toBe(digestOf(1))
  expect(digestOf(1)).not.toBe(digestOf(2))
  expect(digestOf(1, 'b')).toBe(digestOf(1, 'b'))
})

test('time never goes back, refs are unique and everything refers to an issue before it', () => {
  const seen = new Set<string>()
  let before = 0
  for (const event of simulate({ seed: 3, days: 2, scale: 0.2 })) {
    expect(event.t).toBeGreaterThanOrEqual(before)
    expect(Number.isInteger(event.t)).toBe(true)
    expect(seen.has(event.ref)).toBe(event.type !== 'issue')
    seen.add(event.ref)
    before = event.t
  }
})

test.each(WORLD_NAMES.flatMap((world) => SCENARIO_NAMES.map((name) => [world, name] as const)))(
  'world %s: %s says so and has its truth on every event',
  (world, name) => {
    const events = [...simulate({ seed: 4, days: 2, scale: 0.2, world, scenarios: [name] })]
    const { truth } = SCENARIOS[name]
    expect(events.length).toBeGreaterThan(15)
    for (const event of events) {
      expect(event.scenario).toBe(name)
      expect(event.truth).toBe(truth)
      expect(event.campaign?.startsWith(`${name}-`)).toBe(truth === 'fraud' ? true : undefined)
    }
  },
)

test('the held-out world shares no tenant with the other one', () => {
  const tenants = (world: WorldName) =>
    new Set(
      issuesOf([...simulate({ seed: 1, days: 1, scale: 0.1, world })]).map((each) => each.tenant),
    )
  expect(tenants('a').size).toBe(8)
  expect([...tenants('a')].filter((id) => tenants('b').has(id))).toEqual([])
})

test('a drawn world is the same for the same seed and shares nothing but its scale with the next', () => {
  expect(digestOf(1, 'drawn')).toBe(digestOf(1, 'drawn'))
  const worlds = [1, 2, 3].map((seed) => drawSetting(seed))
  const figures = (setting: Setting) => [
    setting.habits.lostAfter[0],
    setting.attacks.patience + setting.attacks.size,
    setting.rhythm.peakHour,
    setting.crowds.flash,
  ]
  const [first = [], second = []] = worlds.map(figures)
  for (const [index, figure] of first.entries()) expect(figure).not.toBe(second[index])
  for (const { tenants } of worlds) {
    const visits = tenants.reduce((sum, tenant) => sum + tenant.visitsPerDay, 0)
    expect(visits).toBeGreaterThan(8_000)
    expect(visits).toBeLessThan(10_000)
    for (const { countries } of tenants) {
      expect(countries.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9)
    }
  }
})

test('any world that is drawn can be played', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const events = [...simulate({ seed, world: 'drawn', days: 0.2, scale: 0.02 })]
      expect(events.length).toBeGreaterThan(0)
    }),
    { numRuns: 12 },
  )
})

test('a device of a farm asks for many numbers, a sprayed number is asked once, a rented one again and again', () => {
  const [farm, spray, rented] = (['device_farm', 'code_spraying', 'rented_numbers'] as const).map(
    (name) => issuesOf(run(17, [name], 2, 0.5)),
  ) as [IssueEvent[], IssueEvent[], IssueEvent[]]
  const numbersOf = (issues: readonly IssueEvent[]) => new Set(issues.map(({ to }) => to)).size
  const told = farm.filter(({ user_agent }) => user_agent !== null)
  expect(numbersOf(told)).toBeGreaterThan(0.9 * told.length)
  expect(new Set(told.map(({ ip }) => ip)).size).toBeLessThan(60)
  expect(numbersOf(spray)).toBeGreaterThan(0.9 * spray.length)
  expect(numbersOf(rented)).toBeLessThan(0.7 * rented.length)
})

test('kinds of attack and of people are held out from training', () => {
  const truths = HELD_OUT_SCENARIOS.map((name) => SCENARIOS[name].truth)
  expect(truths).toContain('fraud')
  expect(truths).toContain('legit')
})

test('numbers of every country are valid mobiles of that country, in blocks as well', () => {
  const dice = diceOf('numbers')
  for (const country of COUNTRIES.keys()) {
    const block = anyBlock(dice, country, 1_000)
    for (const number of [anyNumber(dice, country), numberOf(block, 0), numberOf(block, 999)]) {
      const parsed = parsePhoneNumberFromString(number)
      expect([country, number, parsed?.isValid()]).toEqual([country, number, true])
      expect(parsed?.countryCallingCode).toBe(
        parsePhoneNumberFromString(numberOf(block, 1))?.countryCallingCode,
      )
    }
  }
})

test('addresses lie within their provider', () => {
  const dice = diceOf('addresses')
  for (const [code, { providers }] of COUNTRIES) {
    expect(providers.length).toBeGreaterThan(1)
    const { ip, network } = homeAddress(dice, code)
    expect(network.country).toBe(code)
    const provider = providers.find(({ asn }) => asn === network.asn)
    if (ip.includes(':')) {
      expect(ip.startsWith(`${provider?.ipv6}:`)).toBe(true)
      continue
    }
    const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    expect(value - (provider?.firstIp ?? 0)).toBeGreaterThanOrEqual(0)
    expect(value - (provider?.firstIp ?? 0)).toBeLessThan(provider?.addresses ?? 0)
  }
})

test('people sleep at night', () => {
  const issues = issuesOf(run(5, ['home_users'], 3, 0.5)).filter(
    ({ tenant }) => tenant === 'shop-gb',
  )
  const between = (from: number, to: number) =>
    issues.filter(({ t }) => (t % DAY) / HOUR >= from && (t % DAY) / HOUR < to).length
  expect(between(13, 17)).toBeGreaterThan(4 * between(1, 5))
})

test('a sequential burst climbs, a botnet hardly repeats an address, a bomb has one target', () => {
  const climbing = issuesOf(run(6, ['sequential_burst'], 0.5)).map(({ to }) => Number(to.slice(1)))
  const steps = climbing.slice(1).map((to, index) => to - Number(climbing[index]))
  expect(steps.filter((step) => step > 0 && step <= 3).length).toBeGreaterThan(0.9 * steps.length)
  const bots = issuesOf(run(6, ['botnet'], 0.5))
  expect(new Set(bots.map(({ ip }) => ip)).size).toBeGreaterThan(0.6 * bots.length)
  expect(new Set(issuesOf(run(6, ['bombing'], 0.5)).map(({ to }) => to)).size).toBe(1)
})

test('an office asks for its own consecutive numbers from one address, and its codes come back', () => {
  const events = run(7, ['office'], 3, 1).filter((event) => event.ref.length > 0)
  const issues = issuesOf(events)
  expect(new Set(issues.map(({ to }) => to.slice(0, -4))).size).toBeLessThanOrEqual(4)
  const right = events.filter((event) => event.type === 'check' && event.correct).length
  expect(right).toBeGreaterThan(0.75 * issues.length)
})

test('pumped codes stay unanswered unless the attacker converts them himself', () => {
  const checks = (name: ScenarioName) =>
    run(8, [name], 1).filter((event) => event.type === 'check' && event.correct).length
  expect(checks('random_burst')).toBe(0)
  expect(checks('fake_conversion')).toBeGreaterThan(
    0.5 * issuesOf(run(8, ['fake_conversion'], 1)).length,
  )
})

test('a back end tells nothing of its users', () => {
  for (const issue of issuesOf(run(9, ['server_side']))) {
    expect([issue.ip, issue.network, issue.user_agent, issue.device_id]).toEqual([
      null,
      null,
      null,
      null,
    ])
  }
})

test('what was refused has no delivery, and a refused attacker changes range and gives up in the end', () => {
  const closed = simulate({ seed: 10, days: 1, scale: 1, scenarios: ['random_burst'] })
  const issues: IssueEvent[] = []
  for (let step = closed.next(); !step.done; step = closed.next({ sent: false })) {
    expect(step.value.type).toBe('issue')
    if (step.value.type === 'issue') issues.push(step.value)
  }
  const open = issuesOf(run(10, ['random_burst'], 1, 1))
  expect(issues.length).toBeLessThan(open.length)
  const blocks = (list: IssueEvent[]) => new Set(list.map(({ to }) => to.slice(0, -4))).size
  expect(blocks(issues)).toBeGreaterThan(blocks(open))
})

test('answers change what happens next', () => {
  const events = (sent: boolean) => {
    const stream = simulate({ seed: 12, days: 0.5, scale: 0.1 })
    let count = 0
    for (let step = stream.next(); !step.done; step = stream.next({ sent })) count++
    return count
  }
  expect(events(true)).toBe([...simulate({ seed: 12, days: 0.5, scale: 0.1 })].length)
  expect(events(false)).toBeLessThan(events(true))
})

test('who fails a challenge tries again at once, who is blocked after a minute', () => {
  const gap = (decision: 'challenge' | 'block') => {
    const stream = simulate({ seed: 13, days: 1, scale: 0.2, scenarios: ['vpn_users'] })
    const last = new Map<string, number>()
    const gaps: number[] = []
    for (let step = stream.next(); !step.done; step = stream.next({ sent: false, decision })) {
      if (step.value.type !== 'issue') continue
      const { to, t } = step.value
      const before = last.get(to)
      if (before !== undefined && t - before < HOUR) gaps.push(t - before)
      last.set(to, t)
    }
    return gaps.toSorted((one, other) => one - other)
  }
  const [challenged, blocked] = [gap('challenge'), gap('block')]
  expect(challenged.length).toBeGreaterThan(10)
  expect(challenged[Math.floor(challenged.length / 2)]).toBeLessThan(30_000)
  expect(blocked.length).toBeGreaterThan(10)
  expect(blocked[0]).toBeGreaterThan(60_000)
})

test('almost nobody asks again before a minute is over', () => {
  const last = new Map<string, number>()
  const gaps = issuesOf(run(14, ['poor_delivery'], 4, 1)).flatMap(({ t, to }) => {
    const before = last.get(to)
    last.set(to, t)
    return before !== undefined && t - before < HOUR / 2 ? [t - before] : []
  })
  expect(gaps.length).toBeGreaterThan(100)
  expect(gaps.filter((each) => each < 60_000).length).toBeLessThan(0.03 * gaps.length)
})

test('an adaptive attacker changes after each second or third refusal and comes back long after', () => {
  const refuse = (name: ScenarioName) => {
    const stream = simulate({ seed: 15, days: 1, scale: 1, scenarios: [name] })
    const countries = new Set<string>()
    let count = 0
    for (let step = stream.next(); !step.done; step = stream.next({ sent: false })) {
      if (step.value.type !== 'issue') continue
      count++
      countries.add(step.value.to.slice(0, 4))
    }
    return { count, countries: countries.size }
  }
  expect(refuse('adaptive').countries / refuse('adaptive').count).toBeGreaterThan(
    refuse('random_burst').countries / refuse('random_burst').count,
  )
})

test('calls are calls, a stolen key tells nothing, one source has one address', () => {
  expect(issuesOf(run(16, ['voice_toll'], 1)).every(({ channel }) => channel === 'voice')).toBe(
    true,
  )
  expect(issuesOf(run(16, ['stolen_key'], 1)).every(({ ip }) => ip === null)).toBe(true)
  expect(new Set(issuesOf(run(16, ['one_source'], 1)).map(({ ip }) => ip)).size).toBe(1)
})

test('people who are refused ask once more at most', () => {
  const closed = simulate({ seed: 11, days: 1, scale: 0.1, scenarios: ['travellers'] })
  const asked = new Map<string, number>()
  for (let step = closed.next(); !step.done; step = closed.next({ sent: false })) {
    if (step.value.type === 'issue') asked.set(step.value.to, (asked.get(step.value.to) ?? 0) + 1)
  }
  expect(Math.max(...asked.values())).toBeLessThanOrEqual(6)
  expect([...asked.values()].some((times) => times > 1)).toBe(true)
})
