import { expect, test } from 'vitest'
import { frameCutter, newPdu, readFrame } from './pdu.ts'
import { textParts } from './text.ts'

const BIND = '0000002300000009000000000000000161636d65007365637265743132000034000000'
const SUBMIT =
  '0000004300000004000000000000000200050041636d6500010131343135353535323334350000000000000100000013596f757220636f646520697320313233343536'
const UCS2 =
  '0000004400000004000000000000000300050041636d650001013836313338303031333830303000000000000001000800129a8c8bc17801003100320033003400350036'
const PART =
  '0000003e00000004000000000000000400050041636d650001013134313535353532333435004000000000010000000e0500032a020170617274206f6e65'
const SUBMITTED = '0000001780000004000000000000000230413142324300'
const THROTTLED = '00000010800000040000005800000002'
const ENQUIRE = '00000010000000150000000000000007'

const hexOf = (command: string, fields: Record<string, unknown>) =>
  newPdu(command, fields).toBuffer().toString('hex')
const submit = (sequence_number: number, to: string, fields: object) =>
  hexOf('submit_sm', {
    sequence_number,
    source_addr_ton: 5,
    source_addr_npi: 0,
    source_addr: 'Acme',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: to,
    ...fields,
  })

test('a bind is written as published', () => {
  const fields = { system_id: 'acme', password: 'secret12', interface_version: 0x34 }
  expect(hexOf('bind_transceiver', { sequence_number: 1, ...fields })).toBe(BIND)
})

test('submits of both alphabets are written as published', () => {
  const [latin] = textParts('Your code is 123456', 0)
  const [chinese] = textParts('验证码123456', 0)
  const receipt = { registered_delivery: 1 }
  expect(submit(2, '14155552345', { ...receipt, ...latin })).toBe(SUBMIT)
  expect(submit(3, '8613800138000', { ...receipt, ...chinese })).toBe(UCS2)
})

test('a part is written as published', () => {
  const header = Buffer.from('0500032a0201', 'hex')
  const short_message = Buffer.concat([header, Buffer.from('part one')])
  const fields = { esm_class: 0x40, registered_delivery: 1, short_message }
  expect(submit(4, '14155552345', fields)).toBe(PART)
})

test('answers are read as published', () => {
  expect(readFrame(Buffer.from(SUBMITTED, 'hex'))).toMatchObject({
    isResponse: true,
    sequence: 2,
    status: 0,
    pdu: { message_id: '0A1B2C' },
  })
  expect(readFrame(Buffer.from(THROTTLED, 'hex'))).toMatchObject({ sequence: 2, status: 0x58 })
  const enquiry = { isResponse: false, sequence: 7, pdu: { command: 'enquire_link' } }
  expect(readFrame(Buffer.from(ENQUIRE, 'hex'))).toMatchObject(enquiry)
})

test('a body that cannot be read leaves number and command', () => {
  const frame = readFrame(Buffer.from('00000016000000050000000000000009000000000000', 'hex'))
  expect(frame).toMatchObject({ commandId: 5, sequence: 9 })
  const torn = readFrame(Buffer.from('0000001400000005000000000000000904270001', 'hex'))
  expect(torn).toMatchObject({ commandId: 5, sequence: 9 })
})

test('a stream is cut into its messages however it comes', () => {
  const whole = BIND + SUBMIT + ENQUIRE
  const cut = frameCutter()
  const frames = [...Buffer.from(whole, 'hex')].flatMap((byte) => cut(Buffer.from([byte])) ?? [])
  expect(frames.map((frame) => frame.toString('hex'))).toEqual([BIND, SUBMIT, ENQUIRE])
})

test.each(['0000000f', 'ffffffff', '00000000'])('a length of %s is out of step', (length) => {
  expect(frameCutter()(Buffer.from(length, 'hex'))).toBeUndefined()
})
