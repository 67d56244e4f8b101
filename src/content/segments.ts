import { gsmUnits, isGsm7 } from '../domain/gsm7.ts'

export type Encoding = 'gsm7' | 'ucs2'

export type Measure = {
  readonly encoding: Encoding
  /** Septets of GSM-7 or 16-bit units of UCS-2. */
  readonly units: number
  readonly segments: number
}

/** Units in a lone message, and in each part of a longer one, whose header takes the rest (TS 23.040 section 9.2.3.24.1). */
const ROOM: Readonly<Record<Encoding, { readonly single: number; readonly part: number }>> = {
  gsm7: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
}

/** The part of the default alphabet that plain English needs: most messages are seen to be one at a glance. */
const PLAIN = /^[\n !"#%&'()*+,\-./0-9:;<=>?@A-Za-z]*$/

/**
 * How many messages a text is billed as. One character outside GSM-7 makes the whole text UCS-2. The answers are those of
 * sms-segments-calculator (a test compares them), which would add 12 KiB gzipped to the Worker.
 */
export const segmentsOf = (text: string): number =>
  text.length <= ROOM.gsm7.single && PLAIN.test(text) ? 1 : measure(text).segments

export function measure(text: string): Measure {
  const characters = [...text]
  const encoding: Encoding = isGsm7(text) ? 'gsm7' : 'ucs2'
  const widths = characters.map((one) => (encoding === 'gsm7' ? gsmUnits(one) : one.length))
  const units = widths.reduce((sum, width) => sum + width, 0)
  const { single, part } = ROOM[encoding]
  return { encoding, units, segments: units <= single ? 1 : partsOf(widths, part) }
}

/** Neither an escape pair nor a surrogate pair is torn apart: what does not fit whole begins the next part. */
function partsOf(widths: readonly number[], room: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    const fits = used + width <= room
    parts += fits ? 0 : 1
    used = fits ? used + width : width
  }
  return parts
}
