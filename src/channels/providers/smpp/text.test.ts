import fc from 'fast-check'
import smpp from 'smpp'
import { expect, test } from 'vitest'
import { textParts, validityOf } from './text.ts'

const { ASCII, UCS2 } = smpp.encodings
const HEADER_BYTES = 6

test('GSM-7 goes one septet a byte, its extension as two', () => {
  const [part] = textParts('@£$ ^{}\\[~]|€', 0)
  expect(part?.data_coding).toBe(0)
  expect(part?.short_message.toString('hex')).toBe('000102201b141b281b291b2f1b3c1b3d1b3e1b401b65')
})

test.each([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  ['码'.repeat(70), 1],
  ['码'.repeat(71), 2],
  ['码'.repeat(134), 2],
  ['码'.repeat(135), 3],
])('%s is %i messages', (text, count) => {
  expect(textParts(text, 7)).toHaveLength(count)
})

test('parts say which message they are of, how many there are and which they are', () => {
  const headers = textParts('a'.repeat(400), 0x2a).map(({ short_message, esm_class }) => [
    esm_class,
    short_message.subarray(0, HEADER_BYTES).toString('hex'),
  ])
  expect(headers).toEqual([
    [0x40, '0500032a0301'],
    [0x40, '0500032a0302'],
    [0x40, '0500032a0303'],
  ])
})

test('joined parts are the text, each fits its message, and no character is torn', () => {
  const character = fc.constantFrom('a', '€', '码', '😀', ' ', '1')
  fc.assert(
    fc.property(fc.array(character, { minLength: 150, maxLength: 500 }), (characters) => {
      const text = characters.join('')
      const parts = textParts(text, 1)
      const pieces = parts.map(({ short_message, esm_class, data_coding }) => {
        expect(short_message.length).toBeLessThanOrEqual(160)
        const bytes = esm_class === 0 ? short_message : short_message.subarray(HEADER_BYTES)
        return data_coding === 8 ? UCS2.decode(bytes) : ASCII.decode(bytes)
      })
      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) expect(piece).not.toMatch(/^[\udc00-\udfff]/)
    }),
    { numRuns: 50 },
  )
})

test.each([
  [300_000, '000000000500000R'],
  [1, '000000000001000R'],
  [90_061_000, '000001010101000R'],
  [365 * 86_400_000, '000028000000000R'],
])('%i ms are valid for %s', (ms, period) => {
  expect(validityOf(ms)).toBe(period)
})
