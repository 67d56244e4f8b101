import { expect, test } from 'vitest'
import { newPdu, readFrame } from './pdu.ts'
import { messageIdOf, readReceipt } from './receipts.ts'

const text = (id: string, stat: string, err = '000') =>
  `id:${id} sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 stat:${stat} err:${err} text:stat:REJECTD`

/** As it comes off the wire. */
function received(fields: Readonly<Record<string, unknown>>) {
  const { pdu } = readFrame(newPdu('deliver_sm', { esm_class: 4, ...fields }).toBuffer())
  if (pdu === undefined) throw new Error('the receipt can be read')
  return pdu
}
const inText = (...parts: Parameters<typeof text>) =>
  received({ short_message: Buffer.from(text(...parts)) })

test.each([
  ['ENROUTE', 1, 'sent', undefined],
  ['DELIVRD', 2, 'delivered', undefined],
  ['EXPIRED', 3, 'undelivered', 'unreachable'],
  ['DELETED', 4, 'undelivered', 'unknown'],
  ['UNDELIV', 5, 'undelivered', 'unknown'],
  ['ACCEPTD', 6, 'sent', undefined],
  ['UNKNOWN', 7, 'sent', undefined],
  ['REJECTD', 8, 'failed', 'unknown'],
])('%s is state %i and means %s', (stat, message_state, status, kind) => {
  const said = { providerMessageId: 'A1', status, error: kind && { kind, code: stat } }
  expect(readReceipt(inText('A1', stat), 'same')).toMatchObject(said)
  const fields = received({ receipted_message_id: 'A1', message_state, esm_class: 0 })
  expect(readReceipt(fields, 'same')).toMatchObject(said)
})

test('fields of the protocol go before the text', () => {
  const pdu = received({
    short_message: Buffer.from(text('wrong', 'UNDELIV')),
    receipted_message_id: 'right',
    message_state: 2,
  })
  expect(readReceipt(pdu, 'same')).toMatchObject({
    providerMessageId: 'right',
    status: 'delivered',
  })
})

test('an id in its field may end in a zero or not', () => {
  for (const receipted_message_id of ['A1', 'A1\0']) {
    const pdu = received({ receipted_message_id, message_state: 2 })
    expect(readReceipt(pdu, 'same')).toMatchObject({ providerMessageId: 'A1' })
  }
})

test('a text in message_payload is read', () => {
  const pdu = received({ message_payload: Buffer.from(text('A1', 'DELIVRD')) })
  expect(readReceipt(pdu, 'same')).toMatchObject({ providerMessageId: 'A1', status: 'delivered' })
})

test("the operator's own code is passed on", () => {
  expect(readReceipt(inText('A1', 'UNDELIV', '01F'), 'same')?.error?.code).toBe('UNDELIV:01F')
})

test.each([
  ['decimal', '0A1B2C', '662316', 'a1b2c'],
  ['decimal', '000000ff', '0000000255', 'ff'],
  ['hex', '662316', '0A1B2C', '662316'],
  ['hex', '0255', 'FF', '255'],
  ['same', '0A1B2C', '0A1B2C', '0A1B2C'],
  ['decimal', 'not-a-number', 'not-a-number', 'not-a-number'],
] as const)(
  'with ids in %s an answer of %s and a receipt of %s are one',
  (ids, answer, told, id) => {
    expect(messageIdOf(answer, ids)).toBe(id)
    expect(readReceipt(inText(told, 'DELIVRD'), ids)?.providerMessageId).toBe(id)
  },
)

test.each([
  [{ short_message: Buffer.from('yes please'), esm_class: 0 }],
  [{ short_message: Buffer.from('') }],
  [{ short_message: Buffer.from('id: stat:DELIVRD') }],
  [{ short_message: Buffer.from('id:A1 stat:NEVER') }],
  [{ short_message: Buffer.from('text:id:A1 stat:DELIVRD') }],
  [{ receipted_message_id: 'A1', message_state: 99 }],
])('%j says nothing', (fields) => {
  expect(readReceipt(received(fields), 'same')).toBeUndefined()
})
