/** Why a snapshot was refused. Nothing of it was taken over. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

/**
 * A snapshot is a row of little-endian 32-bit words: a header (magic, version, instant of the snapshot), frames (length in
 * words, number of subjects, checksum, words) and an empty frame that tells how many subjects there were. A frame is a piece
 * that can be written to a file as soon as it is made. The checksum only finds accidents: where a snapshot holds what names
 * people, whoever stores it seals it.
 */
export type SnapshotKind = {
  /** The first word; another one is not a snapshot of this kind. */
  readonly magic: number
  readonly version: number
  /** What messages call it. */
  readonly name: string
}

const HEADER_WORDS = 5
const FRAME_HEAD_WORDS = 3
const FIRST_WORDS = 1 << 16
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

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

  text(value: string): void {
    this.bytes(encoder.encode(value))
  }

  /** Behind their number, filled up to whole words. */
  bytes(bytes: Uint8Array): void {
    this.word(bytes.length)
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
    padded.set(bytes)
    const words = new Int32Array(padded.buffer)
    this.words(words, 0, words.length)
  }

  /** The header that starts a snapshot. */
  header({ magic, version }: SnapshotKind, atMs: number): Uint8Array {
    this.length = 0
    this.word(magic)
    this.word(version)
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
  private readonly name: string
  private readonly real = new Float64Array(1)
  private readonly realWords = new Int32Array(this.real.buffer)
  private at = HEADER_WORDS
  private end = HEADER_WORDS

  constructor(bytes: Uint8Array, { magic, version, name }: SnapshotKind) {
    this.all = wordsOf(bytes)
    this.name = name
    if (this.all[0] !== magic) throw new SnapshotError(`this is not a ${name} snapshot`)
    if (this.all[1] !== version) {
      throw new SnapshotError(`${name} snapshot of version ${this.all[1]}, expected ${version}`)
    }
    if (bytes.length % 4 !== 0 || this.all.length < HEADER_WORDS) throw this.cutOff()
    if (checksumOf(this.all, 0, HEADER_WORDS - 1) !== this.all[HEADER_WORDS - 1]) {
      throw new SnapshotError(`the header of the ${name} snapshot is damaged`)
    }
    this.atMs = new Float64Array(this.all.slice(2, 4).buffer)[0] as number
  }

  /** Calls `readSubject` once for each subject, in the order in which they were written. */
  each(readSubject: () => void): void {
    let seen = 0
    for (;;) {
      const subjects = this.openFrame()
      if (this.at === this.end) {
        if (subjects !== seen || this.end !== this.all.length) throw this.torn()
        return
      }
      for (let index = 0; index < subjects; index++) readSubject()
      if (this.at !== this.end) throw this.torn()
      seen += subjects
    }
  }

  word(): number {
    if (this.at >= this.end) throw this.torn()
    return this.all[this.at++] as number
  }

  /** A word that says how many of something follow. */
  count(max: number): number {
    const count = this.word()
    if (count < 0 || count > max) throw this.torn()
    return count
  }

  number(): number {
    this.realWords[0] = this.word()
    this.realWords[1] = this.word()
    return this.real[0] as number
  }

  words(target: Int32Array, offset: number, count: number): void {
    if (this.at + count > this.end) throw this.torn()
    for (let index = 0; index < count; index++) {
      target[offset + index] = this.all[this.at + index] as number
    }
    this.at += count
  }

  /** At most `bytesMax` bytes of UTF-8. */
  text(bytesMax: number): string {
    try {
      return decoder.decode(this.bytes(bytesMax))
    } catch {
      throw this.torn()
    }
  }

  bytes(max: number): Uint8Array {
    const length = this.count(max)
    const words = new Int32Array(Math.ceil(length / 4))
    this.words(words, 0, words.length)
    return new Uint8Array(words.buffer, 0, length)
  }

  private openFrame(): number {
    const body = this.end + FRAME_HEAD_WORDS
    const length = this.all[this.end] ?? -1
    const subjects = this.all[this.end + 1] ?? -1
    if (length < 0 || subjects < 0 || body + length > this.all.length) {
      throw this.cutOff()
    }
    if ((checksumOf(this.all, body, length) ^ subjects) !== this.all[this.end + 2])
      throw this.torn()
    this.at = body
    this.end = body + length
    return subjects
  }

  private cutOff(): SnapshotError {
    return new SnapshotError(`the ${this.name} snapshot is cut off`)
  }

  private torn(): SnapshotError {
    return new SnapshotError(`the ${this.name} snapshot is damaged`)
  }
}

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
