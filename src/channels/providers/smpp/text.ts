import smpp from 'smpp'
import { isGsm7 } from '../../../domain/gsm7.ts'

const UDH_INDICATOR = 0x40
/** GSM 03.38, one septet a byte, as the default alphabet of the SMSC; and UCS-2, big-endian. */
const GSM = { dataCoding: 0, encoding: smpp.encodings.ASCII, whole: 160, part: 153 }
const UCS2 = { dataCoding: 8, encoding: smpp.encodings.UCS2, whole: 140, part: 134 }

/** The fields of one submit that carry the text. */
export type TextPart = {
  readonly data_coding: number
  readonly esm_class: number
  readonly short_message: Buffer
}

/**
 * The text as one short message, or as parts under a user data header (3GPP TS 23.040 section 9.2.3.24.1) with `reference`, 0 to
 * 255, in common. No part ends inside a character.
 */
export function textParts(text: string, reference: number): readonly TextPart[] {
  const { dataCoding: data_coding, encoding, whole, part } = isGsm7(text) ? GSM : UCS2
  const bytes = encoding.encode(text)
  if (bytes.length <= whole) return [{ data_coding, esm_class: 0, short_message: bytes }]
  const pieces = cut(
    [...text].map((character) => encoding.encode(character)),
    part,
  )
  return pieces.map((piece, index) => {
    const header = Buffer.from([5, 0, 3, reference, pieces.length, index + 1])
    const short_message = Buffer.concat([header, piece])
    return { data_coding, esm_class: UDH_INDICATOR, short_message }
  })
}

function cut(characters: readonly Buffer[], bytesMax: number): readonly Buffer[] {
  const pieces: Buffer[][] = []
  let room = 0
  for (const character of characters) {
    if (character.length > room) {
      pieces.push([])
      room = bytesMax
    }
    pieces.at(-1)?.push(character)
    room -= character.length
  }
  return pieces.map((piece) => Buffer.concat(piece))
}

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400
const DAYS_MAX = 28

/** `validity_period` as a span from now, `YYMMDDhhmmss000R`; at least a second, at most 28 days. */
export function validityOf(validForMs: number): string {
  const seconds = Math.min(Math.max(1, Math.floor(validForMs / 1000)), DAYS_MAX * DAY_S)
  const days = Math.floor(seconds / DAY_S)
  const hours = Math.floor((seconds % DAY_S) / HOUR_S)
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S)
  const fields = [0, 0, days, hours, minutes, seconds % MINUTE_S]
  return `${fields.map((each) => String(each).padStart(2, '0')).join('')}000R`
}
