import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scoreBin, scoreReachedBy, thresholdsInForce, toSketch } from './own-scores.ts'

const FIXED = { challenge: 0.25, block: 0.8 }
const OWN = { challengeShare: 0.005, blockShare: 0.001 }
const TODAY = 20_000

const sketchOf = (scores: readonly number[], day = TODAY) =>
  toSketch(
    scores.map((score) => ({ day, bin: scoreBin(score), count: 1 })),
    TODAY,
  )
const many = (count: number, score: number) => Array.from({ length: count }, () => score)
const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 200,
  maxLength: 600,
})

test('where people score low, or too few are known, the policy’s thresholds hold', () => {
  const kept = { ...FIXED, lifted: false }
  expect(thresholdsInForce(FIXED, OWN, sketchOf(many(1_000, 0.03)))).toEqual(kept)
  expect(thresholdsInForce(FIXED, OWN, sketchOf(many(150, 0.9)))).toEqual(kept)
  expect(thresholdsInForce(FIXED, OWN, undefined)).toEqual(kept)
  expect(thresholdsInForce(FIXED, undefined, sketchOf(many(1_000, 0.9)))).toEqual(kept)
})

test('where one person in fifty scores 0.4, no more than the wanted share reaches the threshold', () => {
  const sketch = sketchOf([...many(980, 0.03), ...many(20, 0.4)])
  const { challenge, block, lifted } = thresholdsInForce(FIXED, OWN, sketch)
  expect(challenge).toBeGreaterThan(0.4)
  expect(challenge).toBeLessThan(0.47)
  expect(block).toBe(0.8)
  expect(lifted).toBe(true)
})

test('nobody can teach the thresholds out of reach', () => {
  expect(thresholdsInForce(FIXED, OWN, sketchOf(many(10_000, 1)))).toEqual({
    challenge: 0.5,
    block: 0.98,
    lifted: true,
  })
})

test('a day counts half as much as one two days after it', () => {
  const old = { day: TODAY - 2, bin: scoreBin(0.9), count: 100 }
  const young = { day: TODAY, bin: scoreBin(0.1), count: 100 }
  const sketch = toSketch([old, young], TODAY)
  expect(sketch.total).toBe(150)
  expect(sketch.counts[scoreBin(0.9)]).toBe(50)
})

test('no more than the share of the traffic reaches the score that is found for it', () => {
  fc.assert(
    fc.property(scores, fc.double({ min: 0, max: 0.2, noNaN: true }), (given, share) => {
      const least = scoreReachedBy(sketchOf(given), share)
      const reaching = given.filter((score) => score >= least && score < 0.999)
      expect(reaching.length / given.length).toBeLessThanOrEqual(share)
    }),
  )
})

test('thresholds are never below the policy’s, and blocking never starts below challenging', () => {
  const share = fc.double({ min: 0, max: 0.2, noNaN: true })
  fc.assert(
    fc.property(scores, share, share, (given, challengeShare, blockShare) => {
      const own = { challengeShare, blockShare }
      const { challenge, block } = thresholdsInForce(FIXED, own, sketchOf(given))
      expect(challenge).toBeGreaterThanOrEqual(FIXED.challenge)
      expect(block).toBeGreaterThanOrEqual(Math.max(FIXED.block, challenge))
    }),
  )
})
