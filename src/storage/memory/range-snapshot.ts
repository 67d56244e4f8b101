import { CELL_COUNT_NAMES, CELL_KINDS, type CellRecord } from '../../risk/ranges/cell-record.ts'
import type { MemoryRangeWatch } from '../../risk/ranges/memory-watch.ts'
import {
  endFrame,
  SnapshotError,
  type SnapshotKind,
  SnapshotReader,
  SnapshotWriter,
} from '../snapshot.ts'

const SNAPSHOT: SnapshotKind = { magic: 0x52_57_47_54, version: 2, name: 'range' }
const CELLS_PER_FRAME = 128
/** What a subject that is no cell starts with: the mean price of an account, or the sealed numbers of the cells before it. */
const PRICE = -1
const NUMBERS = -2
const KEY_BYTES_MAX = 1_000
const LAST_NUMBERS_MAX = 4
const SEALED_BYTES_MAX = 1_000_000

/** The numbers asked for last name people, so they are sealed on their way out of memory. */
export type NumberSeal = {
  readonly seal: (bytes: Uint8Array) => Uint8Array
  readonly open: (sealed: Uint8Array) => Uint8Array
}

/** What a watch knows at the instant of the first chunk, in pieces of a hundred cells or so; it may go on counting between them. */
export function* rangeSnapshotChunks(
  watch: MemoryRangeWatch,
  { seal }: Pick<NumberSeal, 'seal'>,
): Generator<Uint8Array, void, undefined> {
  const frames = openFrames(seal)
  const { atMs, prices, cells } = watch.saved()
  let next = cells.next()
  try {
    yield frames.header(atMs)
    for (const price of prices) {
      frames.price(price)
      if (frames.isFull()) yield frames.take()
    }
    for (; next.done !== true; next = cells.next()) {
      frames.cell(next.value)
      if (frames.isFull()) yield frames.take()
    }
    yield frames.take()
    yield frames.end()
  } finally {
    cells.return()
  }
}

/**
 * Takes over a snapshot in place of what the watch knows. Throws, and changes nothing, when the bytes are not a whole one
 * (SnapshotError) or its numbers cannot be opened. What happened after its `atMs` is for the caller to tell again.
 */
export function restoreRanges(
  watch: MemoryRangeWatch,
  bytes: Uint8Array,
  { open }: Pick<NumberSeal, 'open'>,
): void {
  const reader = new SnapshotReader(bytes, SNAPSHOT)
  const prices: [string, number][] = []
  const cells: CellRecord[] = []
  let unnumbered: WrittenCell[] = []
  reader.each(() => {
    const kind = reader.word()
    if (kind === PRICE) prices.push([reader.text(KEY_BYTES_MAX), reader.number()])
    else if (kind !== NUMBERS) unnumbered.push(readCell(reader, kind))
    else {
      cells.push(...numbered(unnumbered, open(reader.bytes(SEALED_BYTES_MAX))))
      unnumbered = []
    }
  })
  watch.restore({ atMs: reader.atMs, prices, cells })
}

/** Fills one frame after another; the sealed numbers of its cells are the last in each. */
function openFrames(seal: NumberSeal['seal']) {
  const writer = new SnapshotWriter()
  let numbers: number[] = []
  let written = 0
  return {
    header: (atMs: number) => writer.header(SNAPSHOT, atMs),
    isFull: () => writer.subjects >= CELLS_PER_FRAME,
    price: ([accountId, mean]: readonly [string, number]) => {
      writer.word(PRICE)
      writer.text(accountId)
      writer.number(mean)
      writer.subjects++
    },
    cell: (cell: CellRecord) => {
      writeCell(writer, cell)
      numbers.push(...cell.lastNumbers)
      writer.subjects++
    },
    take: () => {
      writer.word(NUMBERS)
      writer.bytes(seal(new Uint8Array(Int32Array.from(numbers).buffer)))
      numbers = []
      writer.subjects++
      written += writer.subjects
      return writer.frame()
    },
    end: () => endFrame(written),
  }
}

/** Of its last numbers it tells only how many there are. */
type WrittenCell = Omit<CellRecord, 'lastNumbers'> & { readonly lastNumbers: number }

function writeCell(writer: SnapshotWriter, cell: CellRecord): void {
  writer.word(CELL_KINDS.indexOf(cell.kind))
  writer.text(cell.key)
  writer.number(cell.firstMs)
  writer.number(cell.atMs)
  for (const count of cell.counts) writer.number(count)
  writer.word(cell.lastNumbers.length)
}

function readCell(reader: SnapshotReader, kindPlace: number): WrittenCell {
  const kind = CELL_KINDS[kindPlace]
  if (kind === undefined) throw new SnapshotError('the range snapshot holds a cell of no kind')
  const key = reader.text(KEY_BYTES_MAX)
  const [firstMs, atMs] = [reader.number(), reader.number()]
  const counts = CELL_COUNT_NAMES.map(() => reader.number())
  return { kind, key, firstMs, atMs, counts, lastNumbers: reader.count(LAST_NUMBERS_MAX) }
}

function* numbered(cells: readonly WrittenCell[], bytes: Uint8Array): Generator<CellRecord> {
  const numbers = new Int32Array(bytes.slice().buffer)
  let from = 0
  for (const cell of cells) {
    const lastNumbers = [...numbers.subarray(from, from + cell.lastNumbers)]
    from += cell.lastNumbers
    yield { ...cell, lastNumbers }
  }
}
