import type { CellRows } from './cell-rows.ts'

const NONE = -1

/** Rows one behind the other, linked through the rows themselves. A row is in one queue at most. */
export class RowQueue {
  size = 0
  private readonly rows: CellRows
  private first = NONE
  private last = NONE

  constructor(rows: CellRows) {
    this.rows = rows
  }

  push(row: number): void {
    this.rows.setNext(row, NONE)
    if (this.last === NONE) this.first = row
    else this.rows.setNext(this.last, row)
    this.last = row
    this.size++
  }

  /** Takes up to `most` rows from the front. */
  shift(most: number): number[] {
    const taken: number[] = []
    while (this.first !== NONE && taken.length < most) {
      taken.push(this.first)
      this.first = this.rows.next(this.first)
    }
    if (this.first === NONE) this.last = NONE
    this.size -= taken.length
    return taken
  }

  /** All rows as they stand now, from the front. */
  *all(): Generator<number> {
    for (let row = this.first; row !== NONE; row = this.rows.next(row)) yield row
  }
}
