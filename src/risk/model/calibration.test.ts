import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Calibration, calibrate, fitIsotonic, fitPlatt } from './calibration.ts'
import { metricsOf } from './metrics.ts'
import { seededRandom } from './seeded-random.ts'

/** Shares that exaggerate: the truth is the share squared. */
function exaggerated(rows: number) {
  const random = seededRandom('calibration')
  const shares = Float64Array.from({ length: rows }, () => random.unit())
  const labels = Uint8Array.from(shares, (share) => (random.unit() < share * share ? 1 : 0))
  return { shares, labels }
}

test.each([
  ['platt', fitPlatt],
  ['isotonic', fitIsotonic],
])('%s brings exaggerated shares near to the truth', (_, fitTo) => {
  const heldOut = exaggerated(20_000)
  const fitted = fitTo(heldOut)
  const after = heldOut.shares.map((share) => calibrate(fitted, share))
  const before = metricsOf(heldOut.shares, heldOut.labels)
  expect(metricsOf(after, heldOut.labels).logLoss).toBeLessThan(before.logLoss - 0.02)
  for (const share of [0.3, 0.5, 0.7, 0.9]) {
    expect(Math.abs(calibrate(fitted, share) - share * share)).toBeLessThan(0.06)
  }
})

test('calibration never turns an order round and stays a probability', () => {
  const heldOut = exaggerated(2_000)
  const kinds: Calibration[] = [{ kind: 'none' }, fitPlatt(heldOut), fitIsotonic(heldOut)]
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, share, fc.constantFrom(...kinds), (one, other, calibration) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      expect(calibrate(calibration, low)).toBeLessThanOrEqual(calibrate(calibration, high))
      expect(calibrate(calibration, low)).toBeGreaterThanOrEqual(0)
      expect(calibrate(calibration, high)).toBeLessThanOrEqual(1)
    }),
  )
})

test('a perfect separation stays finite', () => {
  const fitted = fitPlatt({
    shares: Float64Array.of(0, 0, 0, 1, 1, 1),
    labels: Uint8Array.of(0, 0, 0, 1, 1, 1),
  })
  expect(calibrate(fitted, 1)).toBeGreaterThan(0.7)
  expect(calibrate(fitted, 1)).toBeLessThan(1)
})

test('one class cannot calibrate', () => {
  const oneClass = { shares: Float64Array.of(0.1, 0.2), labels: Uint8Array.of(0, 0) }
  expect(() => fitPlatt(oneClass)).toThrow(/0 and 2/)
  expect(() => fitIsotonic(oneClass)).toThrow(/0 and 2/)
})
