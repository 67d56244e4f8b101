import { expect, test } from 'vitest'
import { metricsOf, reliabilityOf } from './metrics.ts'

const LABELS = Uint8Array.of(1, 0, 1, 0)

test('a small ranking is measured as by hand', () => {
  const metrics = metricsOf(Float64Array.of(0.9, 0.8, 0.7, 0.1), LABELS)
  // Of the four pairs of fraud and legit, three are in order.
  expect(metrics.auc).toBeCloseTo(0.75, 12)
  expect(metrics.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12)
  expect(metrics.brier).toBeCloseTo((0.01 + 0.64 + 0.09 + 0.01) / 4, 12)
  const logLoss = -(Math.log(0.9) + Math.log(0.2) + Math.log(0.7) + Math.log(0.9)) / 4
  expect(metrics.logLoss).toBeCloseTo(logLoss, 12)
  expect(metrics.recallAt['0.01']).toBe(0.5)
})

test('ties count half, whatever order the rows come in', () => {
  expect(metricsOf(Float64Array.of(0.5, 0.5, 0.5, 0.5), LABELS).auc).toBe(0.5)
  expect(metricsOf(Float64Array.of(0.5, 0.5, 0.5, 0.5), LABELS).recallAt['0.01']).toBe(0)
})

test('recall stops where the allowed share of legit rows is used up', () => {
  const rows = 2_000
  const probabilities = Float64Array.from({ length: rows }, (_, row) => 1 - row / rows)
  // Every tenth row is fraud: the 18 allowed legit rows are used up after the third.
  const labels = Uint8Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 1 : 0))
  const { recallAt } = metricsOf(probabilities, labels)
  expect(recallAt['0.001']).toBeLessThanOrEqual(recallAt['0.003'])
  expect(recallAt['0.01']).toBeCloseTo(3 / 200, 12)
})

test('one class has no metrics', () => {
  expect(() => metricsOf(Float64Array.of(0.1), Uint8Array.of(1))).toThrow(/1 fraud, 0 legit/)
})

test('reliability counts every row once', () => {
  const bins = reliabilityOf(Float64Array.of(0, 0.05, 0.55, 1), Uint8Array.of(0, 1, 1, 1))
  expect(bins.map(({ rows }) => rows)).toEqual([2, 1, 1])
  expect(bins[0]).toEqual({ rows: 2, meanProbability: 0.025, fraudShare: 0.5 })
})
