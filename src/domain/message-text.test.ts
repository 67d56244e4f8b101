import { expect, test } from 'vitest'
import { DEFAULT_TEMPLATE, isPrintable } from './message-text.ts'

test('letters, digits, emoji and line feeds of any script are printable', () => {
  expect(isPrintable('Ваш код 验证码 رمز 😀\nline')).toBe(true)
  expect(isPrintable(DEFAULT_TEMPLATE)).toBe(true)
})

test.each([
  '\u0000',
  '\r',
  '\t',
  '\u007f',
  '\u009b',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\ud800',
])('%j is not printable', (mark) => {
  expect(isPrintable(`a${mark}b`)).toBe(false)
})
