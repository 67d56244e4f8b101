import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Prefix, prefixSteps } from './phone-tables.ts'
import { type Row, toQuadWords, toSteps, toWords } from './ranges.ts'

const lookUp = (starts: readonly (bigint | number)[], at: bigint | number): number =>
  starts.findLastIndex((start) => start <= at)

test('steps answer every address as the first row that holds it does', () => {
  const rows = fc
    .array(
      fc.record({ start: fc.nat(60), size: fc.nat(8), value: fc.integer({ min: 1, max: 3 }) }),
      {
        maxLength: 12,
      },
    )
    .map((parts): Row[] =>
      parts
        .map(({ start, size, value }) => ({
          start: BigInt(start),
          end: BigInt(start + size),
          value,
        }))
        .sort((a, b) => Number(a.start - b.start)),
    )
  fc.assert(
    fc.property(rows, (table) => {
      const { starts, values } = toSteps(table)
      for (let at = 0n; at < 75n; at += 1n) {
        const row = firstUncovered(table, at)
        expect(values[lookUp(starts, at)] ?? 0).toBe(row?.value ?? 0)
      }
    }),
  )
})

/** Rows are in ascending order, so of those that hold an address the first is the one that began to cover it. */
const firstUncovered = (rows: readonly Row[], at: bigint): Row | undefined =>
  rows.find((row) => row.start <= at && at <= row.end)

test('neighbours of one value are one step', () => {
  const steps = toSteps([
    { start: 0n, end: 9n, value: 1 },
    { start: 10n, end: 19n, value: 1 },
    { start: 30n, end: 39n, value: 2 },
  ])
  expect(steps).toEqual({ starts: [0n, 20n, 30n, 40n], values: [1, 0, 2, 0] })
})

test('starts become words, four for v6', () => {
  expect(toWords([1n, 0xffff_ffffn])).toEqual(Uint32Array.of(1, 0xffff_ffff))
  expect(toQuadWords([(1n << 96n) | (2n << 64n) | (3n << 32n) | 4n])).toEqual(
    Uint32Array.of(1, 2, 3, 4),
  )
})

test('the longest prefix of a number names its carrier', () => {
  const prefixes = fc
    .uniqueArray(fc.stringMatching(/^1[0-2]{1,4}$/), { maxLength: 20 })
    .map((all): Prefix[] => all.map((digits, index) => ({ digits, name: index + 1 })))
  const numbers = fc.stringMatching(/^1[0-2]{6}[0-9]{8}$/)
  fc.assert(
    fc.property(prefixes, numbers, (table, number) => {
      const { starts, names, lengths } = prefixSteps(table)
      const longest = table
        .filter(({ digits }) => number.startsWith(digits))
        .sort((a, b) => b.digits.length - a.digits.length)[0]
      const at = lookUp(starts, Number(number))
      expect(names[at] ?? 0).toBe(longest?.name ?? 0)
      expect(lengths[at] ?? 0).toBe(longest?.digits.length ?? 0)
    }),
    { numRuns: 1_000 },
  )
})
