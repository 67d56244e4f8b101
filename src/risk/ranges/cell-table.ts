import { assert } from '../../domain/assert.ts'
import { type Fingerprint, takeFingerprint } from '../slots/fingerprint.ts'
import { SlotTable } from '../slots/slot-table.ts'
import { type Cell, decay, openCell } from './cell.ts'
import { CELL_KINDS, type CellKind, type CellRecord, toCell, toRecord } from './cell-record.ts'
import { CellRows } from './cell-rows.ts'
import { RowQueue } from './row-queue.ts'

const CELLS_MAX = 200_000
/** Looked at for each new cell of a full table: the one unseen for longest goes. */
const LOOKED_AT = 8
const NONE = -1

/** The cell of a kind that is being worked on, and the row that it belongs to. */
type Desk = { readonly cell: Cell; row: number }

const each = <Value>(make: (kind: CellKind, place: number) => Value) =>
  Object.fromEntries(CELL_KINDS.map((kind, place) => [kind, make(kind, place)])) as Readonly<
    Record<CellKind, Value>
  >
const PLACES = each((_, place) => place)

/** A walk over all cells: which rows are written down or were made since, and what was about to change before its turn. */
type Walk = { readonly done: Uint8Array; readonly hurried: CellRecord[] }

/**
 * Cells by kind and key, brought forward to now as they are asked for; bounded. They lie in rows, and one of each kind at a time
 * is out on a desk, as an object that may be read and changed until another of its kind is asked for.
 */
export class CellTable {
  private readonly rows = new CellRows()
  private readonly table = new SlotTable(this.rows.slots)
  /** By row. */
  private readonly keys: string[] = []
  private readonly desks = each((): Desk => ({ cell: openCell(0), row: NONE }))
  /** For `evict`, in the order of creation, but for those that it has looked at. */
  private readonly queues = each(() => new RowQueue(this.rows))
  private readonly cellsMax: number
  private readonly sought: Fingerprint = { left: 0, right: 0 }
  private walk: Walk | undefined

  constructor(cellsMax = CELLS_MAX) {
    this.cellsMax = cellsMax
  }

  get size(): number {
    return this.table.size
  }

  at(kind: CellKind, key: string, atMs: number): Cell {
    const row = this.rowOf(kind, key)
    if (row === NONE) return this.open(kind, key, atMs)
    const cell = this.onDesk(kind, row)
    decay(cell, atMs)
    return cell
  }

  find(kind: CellKind, key: string): Cell | undefined {
    const row = this.rowOf(kind, key)
    return row === NONE ? undefined : this.onDesk(kind, row)
  }

  /** Takes a cell over from a record; one more than it may hold is left out. */
  put(record: CellRecord): void {
    const { kind, key } = record
    const known = this.rowOf(kind, key)
    if (known === NONE && this.size >= this.cellsMax) return
    const row = known === NONE ? this.add(kind, key) : known
    if (this.desks[kind].row === row) this.desks[kind].row = NONE
    this.rows.write(row, toCell(record))
  }

  /**
   * Every cell as it is at the first `next`, however much is counted meanwhile: a cell is written down before it changes. One
   * walk at a time; a second one ends the first.
   */
  *records(): Generator<CellRecord, void, undefined> {
    const order = CELL_KINDS.flatMap((kind) => [...this.queues[kind].all()])
    const walk: Walk = { done: new Uint8Array(this.rows.slots.high), hurried: [] }
    for (const kind of CELL_KINDS) this.putBack(this.desks[kind])
    this.walk = walk
    try {
      for (const row of order) {
        if (walk.done[row] === 1) continue
        walk.done[row] = 1
        yield this.recordOf(row)
        assert(this.walk === walk, 'no other walk was started')
      }
      yield* walk.hurried
    } finally {
      if (this.walk === walk) this.walk = undefined
    }
  }

  private rowOf(kind: CellKind, key: string): number {
    takeFingerprint(PLACES[kind], key, this.sought)
    return this.table.find(this.sought.left, this.sought.right)
  }

  private onDesk(kind: CellKind, row: number): Cell {
    const desk = this.desks[kind]
    if (this.walk !== undefined) this.hurry(this.walk, row)
    if (desk.row !== row) {
      this.putBack(desk)
      this.rows.read(row, desk.cell)
      desk.row = row
    }
    return desk.cell
  }

  private putBack({ row, cell }: Desk): void {
    if (row !== NONE) this.rows.write(row, cell)
  }

  private open(kind: CellKind, key: string, atMs: number): Cell {
    if (this.size >= this.cellsMax) this.evict()
    const row = this.add(kind, key)
    this.rows.write(row, openCell(atMs))
    return this.onDesk(kind, row)
  }

  /** A row for the cell that was just sought and is not there. Its caller writes it. */
  private add(kind: CellKind, key: string): number {
    const row = this.table.insert(this.sought.left, this.sought.right)
    this.rows.setKind(row, PLACES[kind])
    this.keys[row] = key
    this.queues[kind].push(row)
    if (this.walk !== undefined) this.walk.done[row] = 1
    return row
  }

  /** What a row holds is older than what lies on a desk, unless that was put back. */
  private recordOf(row: number): CellRecord {
    const kind = CELL_KINDS[this.rows.kindOf(row)] as CellKind
    const cell = openCell(0)
    this.rows.read(row, cell)
    return toRecord(kind, this.keys[row] as string, cell)
  }

  private hurry({ done, hurried }: Walk, row: number): void {
    if (row >= done.length || done[row] === 1) return
    done[row] = 1
    hurried.push(this.recordOf(row))
  }

  /** Of the first few of the largest kind the one unseen for longest goes, the others move to the end. */
  private evict(): void {
    const kind = this.largest()
    const desk = this.desks[kind]
    this.putBack(desk)
    const looked = this.queues[kind].shift(LOOKED_AT)
    looked.sort((one, other) => this.rows.atMs(one) - this.rows.atMs(other))
    const [oldest, ...others] = looked as [number, ...number[]]
    for (const row of others) this.queues[kind].push(row)
    if (desk.row === oldest) desk.row = NONE
    if (this.walk !== undefined) this.hurry(this.walk, oldest)
    this.table.remove(oldest)
    this.keys[oldest] = ''
  }

  private largest(): CellKind {
    let most: CellKind = 'range2'
    for (const kind of CELL_KINDS) {
      if (this.queues[kind].size > this.queues[most].size) most = kind
    }
    return most
  }
}
