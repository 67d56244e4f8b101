import * as z from 'zod'

/**
 * A file of typed arrays that is used where it lies: nothing is parsed at load but a small header. Layout: 8 bytes
 * magic, header length (u32), header (JSON), then the sections, each on a multiple of 8. Numbers are little-endian, as on every
 * machine that runs V8.
 */
const MAGIC = 'TOLLDATA'
const HEADER_AT = 12
/** Raised whenever the meaning of a section changes, so that an old file is rebuilt and never misread. */
export const PACK_FORMAT = 1

const headerSchema = z.strictObject({
  format: z.literal(PACK_FORMAT),
  /** Name and version of the packages that the data come from. */
  sources: z.record(z.string(), z.string()),
  sections: z.record(z.string(), z.strictObject({ at: z.int(), bytes: z.int() })),
})

export type Sources = Readonly<Record<string, string>>
export type Pack = {
  readonly sources: Sources
  readonly u8: (section: string) => Uint8Array<ArrayBuffer>
  readonly u16: (section: string) => Uint16Array<ArrayBuffer>
  readonly u32: (section: string) => Uint32Array<ArrayBuffer>
  readonly f64: (section: string) => Float64Array<ArrayBuffer>
}

const aligned = (at: number): number => Math.ceil(at / 8) * 8

/** The bytes of a data file. */
export function packSections(
  sources: Sources,
  parts: Readonly<Record<string, ArrayBufferView>>,
): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(JSON.stringify(headerOf(sources, parts)))
  const start = aligned(HEADER_AT + header.length)
  const bytes = new Uint8Array(start + sizeOf(parts))
  bytes.set(new TextEncoder().encode(MAGIC))
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true)
  bytes.set(header, HEADER_AT)
  let at = start
  for (const part of Object.values(parts)) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += aligned(part.byteLength)
  }
  return bytes
}

const sizeOf = (parts: Readonly<Record<string, ArrayBufferView>>): number =>
  Object.values(parts).reduce((sum, part) => sum + aligned(part.byteLength), 0)

function headerOf(
  sources: Sources,
  parts: Readonly<Record<string, ArrayBufferView>>,
): z.infer<typeof headerSchema> {
  let at = 0
  const sections: Record<string, { at: number; bytes: number }> = {}
  for (const [name, part] of Object.entries(parts)) {
    sections[name] = { at, bytes: part.byteLength }
    at += aligned(part.byteLength)
  }
  return { format: PACK_FORMAT, sources, sections }
}

/** Undefined when the bytes are not a data file of this format, or one that was cut short. */
export function openPack(buffer: ArrayBuffer): Pack | undefined {
  const header = readHeader(buffer)
  if (header === undefined) return undefined
  const { start, sections } = header
  const place = (name: string): { at: number; bytes: number } => {
    const section = sections[name]
    return section === undefined
      ? { at: start, bytes: 0 }
      : { at: start + section.at, bytes: section.bytes }
  }
  const ends = Object.keys(sections).map((name) => place(name).at + place(name).bytes)
  if (Math.max(0, ...ends) > buffer.byteLength) return undefined
  return {
    sources: header.sources,
    u8: (name) => new Uint8Array(buffer, place(name).at, place(name).bytes),
    u16: (name) => new Uint16Array(buffer, place(name).at, place(name).bytes / 2),
    u32: (name) => new Uint32Array(buffer, place(name).at, place(name).bytes / 4),
    f64: (name) => new Float64Array(buffer, place(name).at, place(name).bytes / 8),
  }
}

function readHeader(buffer: ArrayBuffer) {
  if (buffer.byteLength < HEADER_AT) return undefined
  const magic = new TextDecoder().decode(new Uint8Array(buffer, 0, MAGIC.length))
  const length = new DataView(buffer).getUint32(MAGIC.length, true)
  if (magic !== MAGIC || HEADER_AT + length > buffer.byteLength) return undefined
  const text = new TextDecoder().decode(new Uint8Array(buffer, HEADER_AT, length))
  const header = headerSchema.safeParse(parseJson(text))
  return header.success ? { ...header.data, start: aligned(HEADER_AT + length) } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
