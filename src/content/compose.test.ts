import { expect, test } from 'vitest'
import { DEFAULT_TEMPLATE } from '../domain/message-text.ts'
import { composeNotice, composeText, composeWords } from './compose.ts'

const facts = { code: '042137', minutes: 5, service: 'Acme' }
const plain = {
  template: 'Code {code}',
  signature: undefined,
  webOtpHost: undefined,
  androidHash: undefined,
}

test('a service without settings of its own sends its words and nothing else', () => {
  expect(composeText(plain, facts, undefined)).toBe('Code 042137')
})

test('the signature stands in front, and in the place of a name that stands there in brackets', () => {
  const signed = { ...plain, signature: '阿克米' }
  expect(composeText(signed, facts, undefined)).toBe('【阿克米】Code 042137')
  const chinese = composeText({ ...signed, template: DEFAULT_TEMPLATE }, facts, 'zh-CN')
  expect(chinese).toBe('【阿克米】验证码 042137，5 分钟内有效，请勿告诉他人。')
})

test('the line for browsers is the last one, the hash for Android stands before it', () => {
  const bound = { ...plain, webOtpHost: 'login.acme.example', androidHash: 'FA+9qCX9VSu' }
  expect(composeText(bound, facts, undefined)).toBe(
    'Code 042137\nFA+9qCX9VSu\n@login.acme.example #042137',
  )
  expect(composeWords(bound, facts, undefined)).toBe('Code 042137')
})

test('amount and payee are told where the template names them', () => {
  const template = '{code} pays {amount} to {payee}'
  const told = composeWords({ template }, { ...facts, amount: '9.99 EUR', payee: 'Shop' }, 'en')
  expect(told).toBe('042137 pays 9.99 EUR to Shop')
})

test('a notice is filled in, in the language asked for, and signed; nothing stands behind it', () => {
  const order = {
    template: '{service}: order {order} comes on {day}.',
    templates: { de: '{service}: {order} kommt am {day}.' },
    signature: undefined,
  }
  const values = { service: 'Acme', order: 'A{day}', day: 'Monday' }
  expect(composeNotice(order, values, 'en')).toBe('Acme: order A{day} comes on Monday.')
  const signed = composeNotice({ ...order, signature: '阿克米' }, values, 'de-AT')
  expect(signed).toBe('【阿克米】Acme: A{day} kommt am Monday.')
})
