import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { expect, test } from 'vitest'
import { measure, segmentsOf } from './segments.ts'

const a = (count: number) => 'a'.repeat(count)
const han = (count: number) => '验'.repeat(count)

test.each([
  ['an empty text is still one message', '', 'gsm7', 0, 1],
  ['160 letters fit one', a(160), 'gsm7', 160, 1],
  ['161 letters need two parts of 153', a(161), 'gsm7', 161, 2],
  ['306 letters fill two parts', a(306), 'gsm7', 306, 2],
  ['307 letters need three', a(307), 'gsm7', 307, 3],
  ['an extension character takes two units', `${a(158)}€`, 'gsm7', 160, 1],
  ['one unit too many because of it', `${a(159)}€`, 'gsm7', 161, 2],
  ['a pair that meets the end of a part moves on whole', `${a(152)}€${a(152)}`, 'gsm7', 306, 3],
  ['every extension character is known', '\f^{}\\[~]|€', 'gsm7', 20, 1],
  ['letters of the alphabet beyond ASCII', 'èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà', 'gsm7', 36, 1],
  ['a backquote is not in GSM-7', '`', 'ucs2', 1, 1],
  ['small ç is not in GSM-7', 'ç', 'ucs2', 1, 1],
  ['70 Han characters fit one', han(70), 'ucs2', 70, 1],
  ['71 Han characters need two parts of 67', han(71), 'ucs2', 71, 2],
  ['134 fill two parts', han(134), 'ucs2', 134, 2],
  ['135 need three', han(135), 'ucs2', 135, 3],
  ['one Han character turns the whole text', `${a(70)}验`, 'ucs2', 71, 2],
  ['an emoji takes two units', '😀'.repeat(35), 'ucs2', 70, 1],
  ['a surrogate pair moves on whole', `${han(66)}😀${han(66)}`, 'ucs2', 134, 3],
])('%s', (_claim, text, encoding, units, segments) => {
  expect(measure(text)).toEqual({ encoding, units, segments })
})

test('a longer text never needs fewer messages', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 400 })
  void fc.assert(
    fc.property(text, text, (left, right) => {
      expect(segmentsOf(left + right)).toBeGreaterThanOrEqual(segmentsOf(left))
    }),
  )
})

test('the glance at plain English sees what the measure would', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 320 }), (text) => {
      expect(segmentsOf(text)).toBe(measure(text).segments)
    }),
  )
})

test('we count like sms-segments-calculator, whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom('a', '€', '[', '验', 'ç', '😀', '\n'), maxLength: 500 }),
  )
  fc.assert(
    fc.property(text, (drawn) => {
      const peer = new SegmentedMessage(drawn)
      expect(segmentsOf(drawn)).toBe(Math.max(1, peer.segmentsCount))
    }),
  )
})
