import { type FieldError, Problem } from '../domain/problems.ts'
import { invalidFields, pointerOf } from './field-errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
/** Deeper than any schema of ours; a bound for everything that walks a body. */
const DEPTH_MAX = 16

/**
 * A body as bytes, read no further than `bytesMax`, whether or not its length was announced.
 * Throws `body_too_large`, and `invalid_request` for a body that breaks off.
 */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > bytesMax) throw new Problem('body_too_large')
  try {
    if (announced === null) return await readStream(request.body, bytesMax)
    return bounded(new Uint8Array(await request.arrayBuffer()), bytesMax)
  } catch (error) {
    if (error instanceof Problem) throw error
    const errors = [{ pointer: '', detail: 'broke off' }]
    throw new Problem('invalid_request', { detail: 'The body broke off.', errors, internal: error })
  }
}

/**
 * A JSON body as text and value; both undefined when there is none. Throws `unsupported_media_type`, `body_too_large`,
 * `invalid_json`, and `invalid_request` for texts that are no Unicode, `__proto__` keys and absurd nesting.
 */
export async function readJson(
  request: Request,
  bytesMax: number,
): Promise<{ readonly text: string; readonly value: unknown }> {
  const bytes = await readBytes(request, bytesMax)
  if (bytes.length === 0) return { text: '', value: undefined }
  if (!isJsonType(request.headers.get('content-type'))) throw new Problem('unsupported_media_type')
  const text = toText(bytes)
  const value = toJson(text)
  const mistakes = oddities(value)
  if (mistakes.length > 0) throw invalidFields(mistakes)
  return { text, value }
}

function isJsonType(contentType: string | null): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i.test(contentType ?? '')
}

function toText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Problem('invalid_json', { detail: 'The body is not UTF-8.' })
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('invalid_json')
  }
}

/** What no schema looks for: half characters, keys that mean something to JavaScript, nesting without end. */
function oddities(value: unknown): readonly FieldError[] {
  const found: FieldError[] = []
  const visit = (node: unknown, path: readonly PropertyKey[]): void => {
    const complain = (detail: string) => found.push({ pointer: pointerOf(path), detail })
    if (found.length > 0) return
    if (path.length > DEPTH_MAX) complain(`is nested deeper than ${DEPTH_MAX} levels`)
    else if (typeof node === 'string' && isIllFormed(node)) complain('is not valid Unicode')
    else if (typeof node === 'object' && node !== null) visitMembers(node, path, visit)
  }
  const visitMembers = (
    node: object,
    path: readonly PropertyKey[],
    visitMember: typeof visit,
  ): void => {
    for (const [key, member] of Object.entries(node)) {
      const pointer = pointerOf([...path, key])
      if (key === '__proto__') found.push({ pointer, detail: 'is not a known field' })
      else if (isIllFormed(key)) found.push({ pointer, detail: 'is not valid Unicode' })
      else visitMember(member, [...path, key])
      if (found.length > 0) return
    }
  }
  visit(value, [])
  return found
}

const isIllFormed = (text: string): boolean => /\p{Surrogate}/u.test(text)

function bounded(bytes: Uint8Array, bytesMax: number): Uint8Array {
  if (bytes.length > bytesMax) throw new Problem('body_too_large')
  return bytes
}

async function readStream(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0)
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks, length)
    length += value.byteLength
    if (length > bytesMax) {
      // A stream that is already broken cannot be cancelled, and need not be.
      reader.cancel().catch(() => undefined)
      throw new Problem('body_too_large')
    }
    chunks.push(value)
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
