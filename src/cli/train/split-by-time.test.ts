import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dated, splitByTime } from './split-by-time.ts'

const rowsArbitrary = fc.array(
  fc.record({ t: fc.nat(1_000), isFraud: fc.boolean(), attack: fc.nat(5) }),
  { minLength: 20, maxLength: 200 },
)

const toRow = ({ t, isFraud, attack }: { t: number; isFraud: boolean; attack: number }): Dated => ({
  vector: Float64Array.of(t, attack),
  label: isFraud ? 1 : 0,
  t,
  seed: 0,
  ...(isFraud ? { campaign: `attack ${attack}` } : {}),
})

test('no part begins before the one before has ended, and no attack is in two of them', async () => {
  await fc.assert(
    fc.asyncProperty(rowsArbitrary, async (drawn) => {
      const split = await splitByTime(drawn.map(toRow), ['t', 'attack']).catch(() => undefined)
      fc.pre(split !== undefined)
      const { train, calibration, test: last } = split.parts
      expect(train.toMs).toBeLessThanOrEqual(calibration.fromMs)
      expect(calibration.toMs).toBeLessThanOrEqual(last.fromMs)
      const attacksOf = ({ set }: typeof train) =>
        [...set.labels].flatMap((label, row) => (label === 1 ? [set.values[row * 2 + 1]] : []))
      const attacks = [train, calibration, last].map((part) => new Set(attacksOf(part)))
      expect(new Set(attacks.flatMap((each) => [...each])).size).toBe(
        attacks.reduce((sum, each) => sum + each.size, 0),
      )
      const kept = [train, calibration, last].reduce((sum, { set }) => sum + set.labels.length, 0)
      expect(kept + split.sameCampaign).toBe(drawn.length)
    }),
    { numRuns: 50 },
  )
})

test('a part with one class is refused with its days and counts', async () => {
  const rows = Array.from({ length: 10 }, (_, index) =>
    toRow({ t: index * 86_400_000, isFraud: index < 5, attack: index }),
  )
  await expect(splitByTime(rows, ['t', 'attack'])).rejects.toThrow(
    'the calibration part, 1970-01-07 to 1970-01-08, has 0 requests of fraud and 2 legit: it takes both',
  )
})
