const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * A body as UTF-8 text, read no further than `bytesMax`. Undefined when it is longer or not UTF-8; rejects when the
 * stream breaks or `signal` aborts first.
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (body === null) return ''
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal)
      if (done) return decode(chunks, length)
      length += value.byteLength
      if (length > bytesMax) return undefined
      chunks.push(value)
    }
  } finally {
    reader.cancel().catch(ignore)
  }
}

/** The text as JSON; undefined when there is none or it is not JSON. No JSON text means undefined, so nothing is lost. */
export function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Waits no longer than the signal, also for work that does not listen to it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Lets go of a body that nobody will read, so that its connection can be used again. */
export function discard(body: ReadableStream<Uint8Array> | null): void {
  body?.cancel().catch(ignore)
}

/** A stream that is already broken cannot be cancelled, and need not be. */
const ignore = (): void => undefined

function decode(chunks: readonly Uint8Array[], length: number): string | undefined {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
