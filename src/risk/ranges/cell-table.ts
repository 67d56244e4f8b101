import { assert } from '../../domain/assert.ts'
import { type Fingerprint, takeFingerprint } from '../slots/fingerprint.ts'
import { SlotTable } from '../slots/slot-table.ts'
import { type Cell, decay, openCell } from './cell.ts'
import {
  CELL_KINDS,
  type CellKind,
  type CellPlace,
  type CellRecord,
  toCell,
  toRecord,
} from './cell-record.ts'
import { CellRows } from './cell-rows.ts'
import { RowQueue } from './row-queue.ts'

const CELLS_MAX = 200_000
/** Looked at for each new cell of a full table: the one unseen for longest goes. */
const LOOKED_AT = 8
const NONE = -1

/** What a table has for each kind of cell. */
type Desk = {
  /** In CELL_KINDS. */
  readonly place: number
  /** The one that is being worked on, and the row that it belongs to. */
  readonly cell: Cell
  row: number
  /** The one that was sought last, and the row where it was found. */
  key: string
  readonly sought: Fingerprint
  found: number
  /** For `evict`, in the order of creation, but for those that it has looked at. */
  readonly queue: RowQueue
}

const openDesk = (place: number, queue: RowQueue): Desk => ({
  place,
  cell: openCell(0),
  row: NONE,
  key: '',
  sought: { left: 0, right: 0 },
  found: NONE,
  queue,
})

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
  private readonly desks = Object.fromEntries(
    CELL_KINDS.map((kind, place): [CellKind, Desk] => [
      kind,
      openDesk(place, new RowQueue(this.rows)),
    ]),
  ) as Readonly<Record<CellKind, Desk>>
  private readonly cellsMax: number
  /** Of what `seek` read, so that it is read. */
  located = 0
  private walk: Walk | undefined

  constructor(cellsMax = CELLS_MAX) {
    this.cellsMax = cellsMax
  }

  get size(): number {
    return this.table.size
  }

  /**
   * Looks for all cells of a request before any of them is taken. Each is somewhere else in a large memory, and a processor
   * waits for many such places at once as long as none of them depends on what is done with another.
   */
  seek(places: readonly CellPlace[]): void {
    for (const { kind, key } of places) {
      const desk = this.desks[kind]
      desk.key = key
      takeFingerprint(desk.place, key, desk.sought)
    }
    let seen = 0
    for (const { kind } of places) {
      const desk = this.desks[kind]
      desk.found = this.table.find(desk.sought.left, desk.sought.right)
      if (desk.found !== NONE) seen += this.rows.atMs(desk.found)
    }
    this.located = seen
  }

  /** The cell of this kind that was sought last, made where there is none. */
  take(kind: CellKind, atMs: number): Cell {
    const desk = this.desks[kind]
    if (desk.found === NONE) return this.open(desk, atMs)
    const cell = this.taken(desk)
    decay(cell, atMs)
    return cell
  }

  find(kind: CellKind, key: string): Cell | undefined {
    this.seek([{ kind, key }])
    const desk = this.desks[kind]
    return desk.found === NONE ? undefined : this.taken(desk)
  }

  /** Takes a cell over from a record; one more than it may hold is left out. */
  put(record: CellRecord): void {
    this.seek([record])
    const desk = this.desks[record.kind]
    if (desk.found === NONE && this.size >= this.cellsMax) return
    if (desk.found === NONE) this.add(desk)
    if (desk.row === desk.found) desk.row = NONE
    this.rows.write(desk.found, toCell(record))
  }

  /**
   * Every cell as it is at the first `next`, however much is counted meanwhile: a cell is written down before it changes. One
   * walk at a time; a second one ends the first.
   */
  *records(): Generator<CellRecord, void, undefined> {
    const order = CELL_KINDS.flatMap((kind) => [...this.desks[kind].queue.all()])
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

  private taken(desk: Desk): Cell {
    const { found } = desk
    if (this.walk !== undefined) this.hurry(this.walk, found)
    if (desk.row !== found) {
      this.putBack(desk)
      this.rows.read(found, desk.cell)
      desk.row = found
    }
    return desk.cell
  }

  private putBack({ row, cell }: Desk): void {
    if (row !== NONE) this.rows.write(row, cell)
  }

  private open(desk: Desk, atMs: number): Cell {
    if (this.size >= this.cellsMax) this.evict()
    this.add(desk)
    this.rows.write(desk.found, openCell(atMs))
    return this.taken(desk)
  }

  /** A row for the cell that was sought and is not there. Its caller writes it. */
  private add(desk: Desk): void {
    const row = this.table.insert(desk.sought.left, desk.sought.right)
    this.rows.setKind(row, desk.place)
    this.keys[row] = desk.key
    desk.queue.push(row)
    desk.found = row
    if (this.walk !== undefined) this.walk.done[row] = 1
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
    const desk = this.largest()
    this.putBack(desk)
    const looked = desk.queue.shift(LOOKED_AT)
    looked.sort((one, other) => this.rows.atMs(one) - this.rows.atMs(other))
    const [oldest, ...others] = looked as [number, ...number[]]
    for (const row of others) desk.queue.push(row)
    if (desk.row === oldest) desk.row = NONE
    if (desk.found === oldest) desk.found = NONE
    if (this.walk !== undefined) this.hurry(this.walk, oldest)
    this.table.remove(oldest)
    this.keys[oldest] = ''
  }

  private largest(): Desk {
    let most = this.desks.range2
    for (const kind of CELL_KINDS) {
      const desk = this.desks[kind]
      if (desk.queue.size > most.queue.size) most = desk
    }
    return most
  }
}
