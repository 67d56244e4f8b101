import { type Cell, decay, openCell } from './cell.ts'

/** Kinds of cells: an account's own, its rare destinations, its ranges, and ranges over all accounts. */
const CELL_KINDS = [
  'account',
  'rare',
  'country',
  'carrier',
  'range4',
  'range3',
  'range2',
  'all4',
  'all3',
  'all_rare',
] as const
export type CellKind = (typeof CELL_KINDS)[number]

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
  private readonly cellsMax: number
  private held = 0

  constructor(cellsMax = CELLS_MAX) {
    this.cellsMax = cellsMax
  }

  get size(): number {
    return this.held
  }

  at(kind: CellKind, key: string, atMs: number): Cell {
    const found = this.cells[kind].get(key)
    if (found !== undefined) {
      decay(found, atMs)
      return found
    }
    if (this.held >= this.cellsMax) this.evict()
    const made = openCell(atMs)
    this.cells[kind].set(key, made)
    this.held++
    return made
  }

  find(kind: CellKind, key: string): Cell | undefined {
    return this.cells[kind].get(key)
  }

  /** Of the first few of the largest kind the one unseen for longest goes, the others move to the end. */
  private evict(): void {
    const crowded = this.largest()
    const looked: [string, Cell][] = []
    for (const entry of crowded) {
      looked.push(entry)
      if (looked.length >= LOOKED_AT) break
    }
    looked.sort((one, other) => one[1].atMs - other[1].atMs)
    looked.forEach(([key, cell], place) => {
      crowded.delete(key)
      if (place > 0) crowded.set(key, cell)
      else this.held--
    })
  }

  private largest(): Map<string, Cell> {
    let most = this.cells.range2
    for (const kind of CELL_KINDS) {
      if (this.cells[kind].size > most.size) most = this.cells[kind]
    }
    return most
  }
}
