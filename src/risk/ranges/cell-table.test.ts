import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, countAsk, decay, openCell } from './cell.ts'
import { CELL_KINDS, type CellKind, type CellPlace, toRecord } from './cell-record.ts'
import { CellTable } from './cell-table.ts'

const START = Date.UTC(2026, 0, 5)

const asks = fc.array(
  fc.record({
    kind: fc.constantFrom(...CELL_KINDS),
    key: fc.integer({ min: 0, max: 40 }).map((key) => `ACa:+4479${key}`),
    passedMs: fc.integer({ min: 0, max: 3_600_000 }),
    number: fc.integer({ min: 0, max: 999_999_999 }),
  }),
  { maxLength: 300 },
)

function asked(table: CellTable, place: CellPlace, atMs: number): Cell {
  table.seek([place])
  return table.take(place.kind, atMs)
}

const named = (kind: CellKind, key: string) => `${kind} ${key}`

test('every cell comes to what it would as an object of its own, whichever others are asked for', () => {
  fc.assert(
    fc.property(asks, (all) => {
      const table = new CellTable()
      const plain = new Map<string, Cell>()
      let atMs = START
      for (const { kind, key, passedMs, number } of all) {
        atMs += passedMs
        const name = named(kind, key)
        const cell = plain.get(name) ?? openCell(atMs)
        plain.set(name, cell)
        decay(cell, atMs)
        countAsk(cell, number)
        countAsk(asked(table, { kind, key }, atMs), number)
      }
      const expected = CELL_KINDS.flatMap((kind) =>
        [...plain].flatMap(([name, cell]) => {
          const [of, key = ''] = name.split(' ')
          return of === kind ? [toRecord(kind, key, cell)] : []
        }),
      )
      expect([...table.records()]).toEqual(expected)
    }),
  )
})

test('a full table stays full, and what was asked for last is in it', () => {
  fc.assert(
    fc.property(asks, fc.integer({ min: 1, max: 20 }), (all, most) => {
      const table = new CellTable(most)
      const kept = new Set<string>()
      let atMs = START
      for (const { kind, key, passedMs } of all) {
        atMs += passedMs + 1
        asked(table, { kind, key }, atMs)
        kept.add(named(kind, key))
        expect(table.size).toBeLessThanOrEqual(most)
        expect(table.find(kind, key)?.atMs).toBe(atMs)
      }
      expect(table.size).toBeGreaterThanOrEqual(Math.min(kept.size, most))
      expect([...table.records()]).toHaveLength(table.size)
    }),
  )
})
