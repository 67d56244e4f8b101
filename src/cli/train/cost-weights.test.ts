import { expect, test } from 'vitest'
import { withCostWeights } from './cost-weights.ts'

const priced = (prices: readonly number[], labels: readonly number[]) => ({
  features: ['a', 'request.price_micros'],
  values: Float64Array.from(prices.flatMap((price) => [7, price])),
  labels: Uint8Array.from(labels),
})

test('fraud weighs by its price, people do not, and in no currency more than in another', () => {
  const cents = withCostWeights(priced([100, 400, 100, 900], [1, 1, 0, 0]))
  expect([...(cents.weights ?? [])]).toEqual([Math.sqrt(0.4), Math.sqrt(1.6), 1, 1])
  const yen = withCostWeights(priced([10_000, 40_000, 10_000, 90_000], [1, 1, 0, 0]))
  expect(yen.weights).toEqual(cents.weights)
})

test('no price weighs for nothing or for everything', () => {
  const { weights } = withCostWeights(priced([0, 1, 1_000_000, 1], [1, 1, 1, 1]))
  expect(Math.min(...(weights ?? []))).toBe(0.25)
  expect(Math.max(...(weights ?? []))).toBeLessThanOrEqual(3)
  const free = withCostWeights(priced([0, 0], [1, 0]))
  expect([...(free.weights ?? [])]).toEqual([1, 1])
})

test('a set without prices stays as it is', () => {
  const set = { ...priced([1, 2], [1, 0]), features: ['a', 'b'] }
  expect(withCostWeights(set)).toBe(set)
})
