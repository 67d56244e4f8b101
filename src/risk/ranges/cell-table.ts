import { assert } from '../../domain/assert.ts'
import { frontOf } from '../front-of-map.ts'
import { type Cell, decay, openCell } from './cell.ts'
import { CELL_KINDS, type CellKind, type CellRecord, toCell, toRecord } from './cell-record.ts'

const CELLS_MAX = 200_000
/** Looked at for each new cell of a full table: the one unseen for longest goes. */
const LOOKED_AT = 8

/** Cells by kind and key, brought forward to now as they are asked for; bounded. Keys are used as they are, without a copy. */
export class CellTable {
  private readonly cells: Readonly<Record<CellKind, Map<string, Cell>>> = {
    account: new Map(),
    rare: new Map(),
    country: new Map(),
    carrier: new Map(),
    range4: new Map(),
    range3: new Map(),
    range2: new Map(),
    all4: new Map(),
    all3: new Map(),
    all_rare: new Map(),
  }
  /** Each map's cells from its front, for `evict`, which deletes or moves whatever it is given. */
  private readonly fronts = Object.fromEntries(
    CELL_KINDS.map((kind) => [kind, frontOf(this.cells[kind])]),
  ) as Readonly<Record<CellKind, () => readonly [string, Cell] | undefined>>
  private readonly cellsMax: number
  private held = 0
  /** While `records` runs: cells that are written down, or were made since. */
  private written: Set<Cell> | undefined
  /** While `records` runs: cells that were about to change before their turn. */
  private hurried: CellRecord[] = []

  constructor(cellsMax = CELLS_MAX) {
    this.cellsMax = cellsMax
  }

  get size(): number {
    return this.held
  }

  at(kind: CellKind, key: string, atMs: number): Cell {
    const found = this.cells[kind].get(key)
    if (found !== undefined) {
      if (this.written !== undefined) this.hurry(kind, key, found)
      decay(found, atMs)
      return found
    }
    if (this.held >= this.cellsMax) this.evict()
    const made = openCell(atMs)
    this.cells[kind].set(key, made)
    this.held++
    this.written?.add(made)
    return made
  }

  find(kind: CellKind, key: string): Cell | undefined {
    const found = this.cells[kind].get(key)
    if (found !== undefined && this.written !== undefined) this.hurry(kind, key, found)
    return found
  }

  /** Takes a cell over from a record; one more than it may hold is left out. */
  put(record: CellRecord): void {
    const cells = this.cells[record.kind]
    if (!cells.has(record.key)) {
      if (this.held >= this.cellsMax) return
      this.held++
    }
    cells.set(record.key, toCell(record))
  }

  /**
   * Every cell as it is at the first `next`, however much is counted meanwhile: a cell is written down before it changes. One
   * walk at a time; a second one ends the first.
   */
  *records(): Generator<CellRecord, void, undefined> {
    const written = new Set<Cell>()
    this.written = written
    this.hurried = []
    try {
      for (const kind of CELL_KINDS) {
        for (const [key, cell] of this.cells[kind]) {
          if (written.has(cell)) continue
          written.add(cell)
          yield toRecord(kind, key, cell)
          assert(this.written === written, 'no other walk was started')
        }
      }
      yield* this.hurried
    } finally {
      if (this.written === written) this.written = undefined
    }
  }

  private hurry(kind: CellKind, key: string, cell: Cell): void {
    if (this.written === undefined || this.written.has(cell)) return
    this.written.add(cell)
    this.hurried.push(toRecord(kind, key, cell))
  }

  /** Of the first few of the largest kind the one unseen for longest goes, the others move to the end. */
  private evict(): void {
    const kind = this.largest()
    const crowded = this.cells[kind]
    const looked: (readonly [string, Cell])[] = []
    const next = this.fronts[kind]
    for (let entry = next(); entry !== undefined; entry = next()) {
      looked.push(entry)
      if (looked.length >= Math.min(LOOKED_AT, crowded.size)) break
    }
    looked.sort((one, other) => one[1].atMs - other[1].atMs)
    looked.forEach(([key, cell], place) => {
      crowded.delete(key)
      if (place > 0) {
        crowded.set(key, cell)
        return
      }
      this.hurry(kind, key, cell)
      this.held--
    })
  }

  private largest(): CellKind {
    let most: CellKind = 'range2'
    for (const kind of CELL_KINDS) {
      if (this.cells[kind].size > this.cells[most].size) most = kind
    }
    return most
  }
}
