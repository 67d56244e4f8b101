import fc from 'fast-check'
import { expect, test } from 'vitest'
import { micros } from '../domain/money.ts'
import {
  DEFAULT_SERVICE_SETTINGS,
  fromSettings,
  serviceCreateWire,
  serviceSettingsWire,
  serviceUpdateWire,
  toSettings,
} from './service-settings.ts'

test('the defaults pass their own schema and survive the wire', () => {
  const wire = serviceSettingsWire.parse(fromSettings(DEFAULT_SERVICE_SETTINGS))
  expect(toSettings(wire)).toEqual(DEFAULT_SERVICE_SETTINGS)
  expect(wire).toMatchObject({ countries: null, hourly_budget_micros: null, sender: null })
})

test('a creation needs a name and takes the rest from the defaults', () => {
  const settings = toSettings(serviceCreateWire.parse({ name: 'Sign-in', code_length: 8 }))
  expect(settings).toEqual({ ...DEFAULT_SERVICE_SETTINGS, name: 'Sign-in', codeLength: 8 })
  expect(serviceCreateWire.safeParse({ code_length: 8 }).success).toBe(false)
})

test('an update keeps what it does not name, and null takes away', () => {
  const base = {
    ...DEFAULT_SERVICE_SETTINGS,
    sender: 'ACME',
    countries: ['GB'],
    dailyBudget: micros(5),
    hourlyBudget: micros(1),
  }
  expect(toSettings(serviceUpdateWire.parse({}), base)).toEqual(base)
  const taken = serviceUpdateWire.parse({
    sender: null,
    countries: null,
    daily_budget_micros: null,
  })
  expect(toSettings(taken, base)).toEqual({
    ...base,
    sender: undefined,
    countries: undefined,
    dailyBudget: undefined,
  })
})

test.each([
  ['code_length', [3, 11, 6.5, '6', null]],
  ['ttl_seconds', [59, 3_601]],
  ['attempts_max', [0, 11]],
  ['sends_max', [0, 11]],
  ['channels', [[], ['sms', 'sms'], ['fax'], 'sms']],
  ['sender', ['', 'A\u0007', 'x'.repeat(33)]],
  ['template', ['', 'no code', '{code} {secret}', '{code}\u0000', '{code}'.repeat(84)]],
  ['templates', [{ de: 'no code' }, { 'english!': '{code}' }, { de: '{code} {secret}' }, []]],
  [
    'message_templates',
    [
      { verification: { template: '{code}' } },
      { 'Order!': { template: 'Hi' } },
      { order: { template: '' } },
      { order: { template: 'Hi {Order No}' } },
      { order: { template: 'Hi {no}', templates: { de: 'Hallo {nr}' } } },
      { order: 'Hi' },
    ],
  ],
  ['phone_notices_per_day', [0, 1_001]],
  ['phone_bulk_per_day', [0, null]],
  ['locale', ['', 'english!', 'e', 'en_GB']],
  ['signature', ['', 'A', '【Acme】', 'x'.repeat(17), 'A\nB']],
  ['web_otp_host', ['', 'localhost', 'https://acme.example', 'Acme.example', 'acme.example/x']],
  ['android_hash', ['', 'FA+9qCX9VS', 'FA+9qCX9VSu=', 'FA 9qCX9VSu']],
  ['protection', ['none', '']],
  ['countries', [[], ['XX'], ['gb'], ['GB', 'GB'], ['GBR'], 'GB']],
  ['blocked_countries', [['ZZ'], null]],
  ['phone_per_minute', [0, 1_001]],
  ['phone_per_hour', [0]],
  ['phone_per_day', [0]],
  ['hourly_budget_micros', [-1, 0.5, 1e16]],
  ['daily_budget_micros', [-1, '5']],
  ['block_response', ['loud']],
  ['user_value_micros', [-1, null]],
  ['name', ['', '   ', 'x'.repeat(65), 'a\nb']],
  ['codelength', [6]],
] as const)('%s refuses what it cannot be, and says where', (field, values) => {
  for (const value of values) {
    const parsed = serviceUpdateWire.safeParse({ [field]: value })
    expect(parsed.success, `${field} ${JSON.stringify(value)}`).toBe(false)
    expect(JSON.stringify(parsed.error?.issues)).toContain(field)
  }
})

test('the edges of every range are inside it', () => {
  const least = { code_length: 4, ttl_seconds: 60, attempts_max: 1, sends_max: 1 }
  const most = { code_length: 10, ttl_seconds: 3_600, attempts_max: 10, sends_max: 10 }
  const words = {
    template: '{service}: {code}\n({minutes} min)',
    templates: { de: '{code} ({amount} an {payee})' },
    signature: '阿里云',
    web_otp_host: 'login.acme.example',
    android_hash: 'FA+9qCX9VSu',
    locale: 'zh-Hans-CN',
    blocked_countries: ['001', 'AC'],
  }
  for (const edge of [least, most, words]) expect(serviceUpdateWire.parse(edge)).toEqual(edge)
})

test('whatever arrives, a body is parsed or refused, and what is parsed survives a round trip', () => {
  const fields = Object.keys(serviceSettingsWire.shape)
  const body = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue())
  fc.assert(
    fc.property(body, (drawn) => {
      const parsed = serviceUpdateWire.safeParse(drawn)
      if (!parsed.success) return
      const settings = toSettings(parsed.data)
      expect(toSettings(serviceSettingsWire.parse(fromSettings(settings)))).toEqual(settings)
    }),
  )
})
