import { expect, test } from 'vitest'
import { eventSchema } from '../../../src/api/native/schemas/events.ts'
import { sweep } from '../../../src/flows/sweep.ts'
import type { HouseOptions, OpenedHouse } from '../../support/house-on.ts'
import { openReceiver } from '../../support/receiver.ts'
import { call, PERSON, phoneOf, problemIn } from './door-house.ts'

const ALL = Array.from({ length: 200 }, (_, index) => index)
/** What rules say about two hundred requests of one moment is no matter here. */
const NO_RULES = { rules: { 'policy.yaml': 'version: "1"\nrules: []\n' } }

/** Budgets from the setting to the refusal and the event. */
export function budgetsSuite(open: (options: HouseOptions) => Promise<OpenedHouse>): void {
  const put = async (house: OpenedHouse, json: object) => {
    const answer = await call(house, 'PUT /v1/budgets', { json })
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  const issue = (house: OpenedHouse, index: number, rest: object = {}) =>
    call(house, 'POST /v1/verifications', {
      key: 'verify',
      json: { to: phoneOf(index), client: PERSON, ...rest },
    })

  test('of two hundred issued at once a budget of fifty sends lets exactly fifty through', async () => {
    const house = await open(NO_RULES)
    const budget = await put(house, { period: 'day', kind: 'hard', limit_sends: 50 })
    const answers = await Promise.all(ALL.map((index) => issue(house, index)))
    await house.settle()
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50)
    const refused = answers.filter(({ status }) => status !== 201)
    expect(new Set(refused.map((answer) => problemIn(answer).code))).toEqual(
      new Set(['budget_exhausted']),
    )
    expect(refused[0]?.body).toMatchObject({
      decision: { outcome: 'block', reasons: [{ code: 'account_day_budget' }] },
    })
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(3600)
    const read = await call(house, `GET /v1/budgets/${budget.id}`, { key: 'report' })
    expect(read.body).toMatchObject({
      scope: 'account',
      limit_sends: 50,
      used_sends: 50,
      reached: 1,
    })
    expect(await house.inbox()).toHaveLength(50)
  })

  test('alerts, a soft limit and a refusal are told once each in a period, and again in the next', async () => {
    const receiver = openReceiver()
    const house = await open({ ...NO_RULES, fetch: receiver.fetch })
    const types = ['budget.reached']
    await call(house, 'POST /v1/webhooks', { json: { url: 'https://a.example.com', types } })
    const { body: account } = await call(house, 'GET /v1/account')
    const alerts = [0.8, 0.5, 1]
    const service = account.default_service
    await put(house, {
      country: 'GB',
      service,
      period: 'hour',
      kind: 'hard',
      limit_sends: 4,
      alerts,
    })
    await put(house, { period: 'month', kind: 'soft', limit_micros: 80_000 })
    for (const index of [1, 2, 3, 4, 5, 6, 7]) await issue(house, index)
    await house.settle()
    house.clock.advance(3_600_000)
    for (const index of [8, 9]) await issue(house, index)
    await sweep(house.house)
    await house.settle()
    const told = receiver.received.map(({ event }) => eventSchema('budget.reached').parse(event))
    const shown = told.map(({ data }) => {
      const { level, kind, share, country, used_sends, limit_micros, used_micros } = data as Record<
        string,
        unknown
      >
      return [country, kind, level, share, used_sends ?? used_micros, limit_micros]
    })
    expect(shown.map((each) => each.join(' ')).toSorted()).toEqual(
      [
        ['GB', 'hard', 'soft', 0.5, 2, undefined],
        ['GB', 'hard', 'soft', 0.8, 4, undefined],
        ['GB', 'hard', 'soft', 1, 4, undefined],
        ['GB', 'hard', 'hard', undefined, undefined, undefined],
        ['GB', 'hard', 'soft', 0.5, 2, undefined],
        [undefined, 'soft', 'soft', 1, 80_000, 80_000],
      ]
        .map((each) => each.join(' '))
        .toSorted(),
    )
    const ends = told.map(({ data }) => (data as { ends_at: string }).ends_at)
    expect(new Set(ends)).toEqual(
      new Set(['2026-03-02T13:00:00.000Z', '2026-03-02T14:00:00.000Z', '2026-04-01T00:00:00.000Z']),
    )
  })

  test('a budget is changed by putting it again, holds at once and is gone when it is removed', async () => {
    const house = await open(NO_RULES)
    const first = await put(house, { period: 'hour', kind: 'hard', limit_sends: 0 })
    expect((await issue(house, 1)).status).toBe(429)
    const again = await put(house, { period: 'hour', kind: 'hard', limit_sends: 1, alerts: [] })
    expect(again).toMatchObject({ id: first.id, limit_sends: 1, used_sends: 0, alerts: [] })
    expect((await issue(house, 1)).status).toBe(201)
    expect((await issue(house, 2)).status).toBe(429)
    const { status } = await call(house, `DELETE /v1/budgets/${first.id}`)
    expect(status).toBe(204)
    expect((await call(house, `DELETE /v1/budgets/${first.id}`)).status).toBe(404)
    expect((await issue(house, 2)).status).toBe(201)
  })

  test('a budget without one limit, of a foreign service or with wrong alerts is refused by its field', async () => {
    const house = await open({})
    const wrong = async (json: object) =>
      problemIn(await call(house, 'PUT /v1/budgets', { json })).pointers
    const good = { period: 'day', kind: 'hard' }
    expect(await wrong(good)).toEqual(['/limit_micros'])
    expect(await wrong({ ...good, limit_micros: 1, limit_sends: 1 })).toEqual(['/limit_micros'])
    expect(await wrong({ ...good, kind: 'soft', limit_sends: 0 })).toEqual(['/kind'])
    const limited = { ...good, limit_sends: 5 }
    expect(await wrong({ ...limited, service: `VA${'0'.repeat(32)}` })).toEqual(['/service'])
    expect(await wrong({ ...limited, alerts: [0.5, 0.5] })).toEqual(['/alerts'])
    expect(await wrong({ ...limited, alerts: [0.505] })).toEqual(['/alerts/0'])
    expect(await wrong({ ...limited, country: 'XX' })).toEqual(['/country'])
  })

  test('the settings of a service and its budgets hold beside each other', async () => {
    const house = await open(NO_RULES)
    const { body: account } = await call(house, 'GET /v1/account')
    const service = String(account.default_service)
    await house.patch(`/v1/services/${service}`, { hourly_budget_micros: 80_000 })
    await put(house, { service, period: 'hour', kind: 'hard', limit_sends: 3 })
    expect((await issue(house, 1)).status).toBe(201)
    expect((await issue(house, 2)).status).toBe(201)
    const third = await issue(house, 3)
    expect(third.body).toMatchObject({
      code: 'budget_exhausted',
      decision: { reasons: [{ code: 'service_hour_budget' }] },
    })
  })
}
