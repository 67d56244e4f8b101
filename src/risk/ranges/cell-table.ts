import { type Cell, decay, openCell } from './cell.ts'

const CELLS_MAX = 400_000
/** Looked at for each new cell of a full table: the one unseen for longest goes. */
const LOOKED_AT = 8

/** Cells by key, brought forward to now as they are asked for; bounded. */
export class CellTable {
  private readonly cells = new Map<string, Cell>()
  private readonly cellsMax: number

  constructor(cellsMax = CELLS_MAX) {
    this.cellsMax = cellsMax
  }

  get size(): number {
    return this.cells.size
  }

  at(key: string, atMs: number): Cell {
    const found = this.cells.get(key)
    if (found !== undefined) {
      decay(found, atMs)
      return found
    }
    if (this.cells.size >= this.cellsMax) this.evict()
    const made = openCell(atMs)
    this.cells.set(key, made)
    return made
  }

  find(key: string): Cell | undefined {
    return this.cells.get(key)
  }

  /** Every cell with its key, for a snapshot. */
  entries(): IterableIterator<[string, Cell]> {
    return this.cells.entries()
  }

  put(key: string, cell: Cell): void {
    if (this.cells.size >= this.cellsMax) this.evict()
    this.cells.set(key, cell)
  }

  /** Of the first few in turn the one unseen for longest goes, the others move to the end: least recently used, sampled. */
  private evict(): void {
    const looked: [string, Cell][] = []
    for (const entry of this.cells) {
      looked.push(entry)
      if (looked.length >= LOOKED_AT) break
    }
    looked.sort((one, other) => one[1].atMs - other[1].atMs)
    looked.forEach(([key, cell], place) => {
      this.cells.delete(key)
      if (place > 0) this.cells.set(key, cell)
    })
  }
}
