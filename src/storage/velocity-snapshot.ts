/** Why a snapshot was refused. Nothing of it was taken over. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

/**
 * A snapshot is a row of little-endian 32-bit words: a header (magic, version, instant of the snapshot), frames (length in
 * words, number of subjects, checksum, words) and an empty frame that tells how many subjects there were. A frame is a piece
 * that can be written to a file as soon as it is made. Whoever stores a snapshot seals it: the checksum only finds accidents.
 */
const MAGIC = 0x53_56_47_54
const VERSION = 1
const HEADER_WORDS = 5
const FRAME_HEAD_WORDS = 3
const FIRST_WORDS = 1 << 16

/** Collects the words of one frame after another. */
export class SnapshotWriter {
  subjects = 0
  private buffer = new Int32Array(FIRST_WORDS)
  private length = 0
  private readonly real = new Float64Array(1)
  private readonly realWords = new Int32Array(this.real.buffer)

  word(value: number): void {
    this.ensure(1)
    this.buffer[this.length++] = value
  }

  /** A 64-bit number. */
  number(value: number): void {
    this.real[0] = value
    this.word(this.realWords[0] as number)
    this.word(this.realWords[1] as number)
  }

  words(source: Int32Array, offset: number, count: number): void {
    this.ensure(count)
    for (let index = 0; index < count; index++) {
      this.buffer[this.length + index] = source[offset + index] as number
    }
    this.length += count
  }

  /** The header that starts a snapshot. */
  header(atMs: number): Uint8Array {
    this.length = 0
    this.word(MAGIC)
    this.word(VERSION)
    this.number(atMs)
    this.word(checksumOf(this.buffer, 0, this.length))
    return this.taken()
  }

  /** Everything since the last frame. */
  frame(): Uint8Array {
    const body = this.buffer.subarray(0, this.length)
    const bytes = frameOf(body, this.subjects)
    this.length = 0
    this.subjects = 0
    return bytes
  }

  private taken(): Uint8Array {
    const bytes = new Uint8Array(this.buffer.slice(0, this.length).buffer)
    this.length = 0
    return bytes
  }

  private ensure(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const wider = new Int32Array(Math.max(this.buffer.length * 2, this.length + more))
    wider.set(this.buffer)
    this.buffer = wider
  }
}

/** The empty frame that closes a snapshot. */
export const endFrame = (subjects: number): Uint8Array => frameOf(new Int32Array(0), subjects)

function frameOf(body: Int32Array, subjects: number): Uint8Array {
  const frame = new Int32Array(FRAME_HEAD_WORDS + body.length)
  frame[0] = body.length
  frame[1] = subjects
  frame.set(body, FRAME_HEAD_WORDS)
  frame[2] = checksumOf(body, 0, body.length) ^ subjects
  return new Uint8Array(frame.buffer)
}

/** Reads a whole snapshot. Throws SnapshotError at anything that is not one, or not all of one. */
export class SnapshotReader {
  readonly atMs: number
  private readonly all: Int32Array
  private at = HEADER_WORDS
  private end = HEADER_WORDS

  constructor(bytes: Uint8Array) {
    this.all = wordsOf(bytes)
    if (this.all[0] !== MAGIC) throw new SnapshotError('this is not a velocity snapshot')
    if (this.all[1] !== VERSION) {
      throw new SnapshotError(`velocity snapshot of version ${this.all[1]}, expected ${VERSION}`)
    }
    if (bytes.length % 4 !== 0 || this.all.length < HEADER_WORDS) throw cutOff()
    if (checksumOf(this.all, 0, HEADER_WORDS - 1) !== this.all[HEADER_WORDS - 1]) {
      throw new SnapshotError('the header of the velocity snapshot is damaged')
    }
    this.atMs = new Float64Array(this.all.slice(2, 4).buffer)[0] as number
  }

  /** Calls `readSubject` once for each subject, in the order in which they were written. */
  each(readSubject: () => void): void {
    let seen = 0
    for (;;) {
      const subjects = this.openFrame()
      if (this.at === this.end) {
        if (subjects !== seen || this.end !== this.all.length) throw torn()
        return
      }
      for (let index = 0; index < subjects; index++) readSubject()
      if (this.at !== this.end) throw torn()
      seen += subjects
    }
  }

  word(): number {
    if (this.at >= this.end) throw torn()
    return this.all[this.at++] as number
  }

  /** A word that says how many of something follow. */
  count(max: number): number {
    const count = this.word()
    if (count < 0 || count > max) throw torn()
    return count
  }

  number(): number {
    const words = Int32Array.of(this.word(), this.word())
    return new Float64Array(words.buffer)[0] as number
  }

  words(target: Int32Array, offset: number, count: number): void {
    if (this.at + count > this.end) throw torn()
    for (let index = 0; index < count; index++) {
      target[offset + index] = this.all[this.at + index] as number
    }
    this.at += count
  }

  private openFrame(): number {
    const body = this.end + FRAME_HEAD_WORDS
    const length = this.all[this.end] ?? -1
    const subjects = this.all[this.end + 1] ?? -1
    if (length < 0 || subjects < 0 || body + length > this.all.length) {
      throw cutOff()
    }
    if ((checksumOf(this.all, body, length) ^ subjects) !== this.all[this.end + 2]) throw torn()
    this.at = body
    this.end = body + length
    return subjects
  }
}

const cutOff = (): SnapshotError => new SnapshotError('the velocity snapshot is cut off')
const torn = (): SnapshotError => new SnapshotError('the velocity snapshot is damaged')

/** The bytes as words, copied only where they lie askew; a torn last word is left out and found missing later. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Int32Array(aligned.buffer, aligned.byteOffset, Math.floor(bytes.length / 4))
}

/** FNV-1a over words. */
function checksumOf(words: Int32Array, from: number, length: number): number {
  let hash = 0x811c9dc5 | 0
  for (let index = from; index < from + length; index++) {
    hash = Math.imul(hash ^ (words[index] as number), 0x01000193)
  }
  return hash
}
