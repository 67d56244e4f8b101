import { expect, test } from 'vitest'
import { gsmUnits, isGsm7 } from './gsm7.ts'

test('a character takes one septet, two with an escape, or does not fit', () => {
  expect(['a', '@', '\n', 'ß', '€', '{', 'ç', '验'].map(gsmUnits)).toEqual([1, 1, 1, 1, 2, 2, 0, 0])
})

test('one character outside it makes a text UCS-2', () => {
  expect(isGsm7('Ihr Code für Acme: 123456 [€]')).toBe(true)
  expect(isGsm7('')).toBe(true)
  expect(isGsm7('123456 是验证码')).toBe(false)
  expect(isGsm7('It’s 123456')).toBe(false)
})
