import { expect, test } from 'vitest'
import { SEND_ERROR_KINDS, SEND_ERRORS, sendError } from './send-error.ts'

test.each([
  ['+44 7700 900123 is not valid', '**** is not valid'],
  ['(0044) 7700-900-123 and 123456', '(****) **** and ****'],
  ['code 30005, in 3 parts of 153', 'code ****, in 3 parts of 153'],
  ['line\r\none\u0000two\u202e', 'line one two'],
  ['触发天级流控Permits:10', '触发天级流控Permits:10'],
])('of %j no number, no code and no line end is kept', (given, kept) => {
  expect(sendError('unknown', 'x', given).text).toBe(kept)
})

test('codes and words are bounded, and an empty code is our own word', () => {
  expect(sendError('balance', ' \n', ' \n')).toEqual({
    kind: 'balance',
    code: 'balance',
    text: undefined,
  })
  const long = sendError('unknown', 'c'.repeat(99), 'wörd '.repeat(999))
  expect([long.code.length, long.text?.length]).toEqual([64, 200])
})

test('a number that is refused everywhere says nothing against the one that refused it', () => {
  for (const kind of SEND_ERROR_KINDS) {
    const { elsewhere, blamesNumber, blamesProvider } = SEND_ERRORS[kind]
    if (blamesNumber) expect(blamesProvider).toBe(false)
    if (!elsewhere) expect(blamesNumber).toBe(true)
  }
})
