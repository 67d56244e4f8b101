import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BUDGET_PERIODS, budgetStop, budgetWindow } from './budget.ts'
import { HARD_STOPS } from './decision.ts'

test('a month ends where the next one begins, whatever its length', () => {
  const monthAt = (text: string) => {
    const { startMs, endsAtMs } = budgetWindow('month', Date.parse(text))
    return [startMs, endsAtMs].map((ms) => new Date(ms).toISOString().slice(0, 16))
  }
  expect(monthAt('2028-02-29T23:59:59.999Z')).toEqual(['2028-02-01T00:00', '2028-03-01T00:00'])
  expect(monthAt('2026-12-31T23:59:59.999Z')).toEqual(['2026-12-01T00:00', '2027-01-01T00:00'])
  expect(monthAt('2026-01-01T00:00:00Z')).toEqual(['2026-01-01T00:00', '2026-02-01T00:00'])
})

test('every instant lies in one window of each period, which begins and ends with it', () => {
  const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0) })
  void fc.assert(
    fc.property(instant, fc.constantFrom(...BUDGET_PERIODS), (atMs, period) => {
      const window = budgetWindow(period, atMs)
      expect(window.startMs <= atMs && atMs < window.endsAtMs).toBe(true)
      expect(budgetWindow(period, window.startMs)).toEqual(window)
      expect(budgetWindow(period, window.endsAtMs - 1)).toEqual(window)
      expect(budgetWindow(period, window.endsAtMs).startMs).toBe(window.endsAtMs)
    }),
  )
})

test('whatever a budget is for, its refusal has a name of its own', () => {
  const places = [{}, { serviceId: 'VA1' }, { country: 'GB' }]
  const stops = BUDGET_PERIODS.flatMap((period) =>
    places.map((place) =>
      budgetStop({ serviceId: undefined, country: undefined, ...place, period } as never),
    ),
  )
  expect(new Set(stops).size).toBe(9)
  for (const stop of stops) expect(HARD_STOPS).toContain(stop)
})
