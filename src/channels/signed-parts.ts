const encoder = new TextEncoder()

type Window = { readonly nowMs: number; readonly toleranceMs: number }

/** Whether a vendor's timestamp, in whole seconds of Unix time, is this near to now. */
export const isRecentSecond = (seconds: string, { nowMs, toleranceMs }: Window): boolean =>
  /^\d{1,12}$/.test(seconds) && Math.abs(nowMs - Number(seconds) * 1000) <= toleranceMs

/** A text and raw bytes behind one another, which is what most vendors sign. */
export function joined(before: string, bytes: Uint8Array, after = ''): Uint8Array<ArrayBuffer> {
  const parts = [encoder.encode(before), bytes, encoder.encode(after)]
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
