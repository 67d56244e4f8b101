import { expect, test } from 'vitest'
import { DEFAULT_TEMPLATE } from '../domain/message-text.ts'
import { renderMessage } from './render.ts'
import { measure, segmentsOf } from './segments.ts'
import { BUILT_IN_LOCALES, templateFor } from './templates.ts'

const facts = { code: '123456', minutes: 10, service: 'Tollgate 1' }
const LATIN = ['en', 'de', 'es', 'fr', 'id', 'it', 'ms', 'nl', 'pl', 'pt', 'tr', 'vi']

test.each(BUILT_IN_LOCALES)('the words for %s are sound and cost one segment', (locale) => {
  const template = templateFor({ template: DEFAULT_TEMPLATE }, locale)
  const text = renderMessage(template, facts)
  expect(text).not.toMatch(/[{}]/)
  for (const value of ['123456', '10', 'Tollgate 1']) expect(text).toContain(value)
  expect(segmentsOf(text)).toBe(1)
})

test('the words in Latin letters stay in GSM-7, also with a ten-digit code', () => {
  for (const locale of LATIN) {
    const text = renderMessage(templateFor({ template: DEFAULT_TEMPLATE }, locale), {
      code: '1234567890',
      minutes: 120,
      service: 'a service with thirty letters!',
    })
    expect(measure(text)).toMatchObject({ encoding: 'gsm7', segments: 1 })
  }
})

test('a locale finds its language, whatever its region, case or separator', () => {
  const german = templateFor({ template: DEFAULT_TEMPLATE }, 'de')
  expect(templateFor({ template: DEFAULT_TEMPLATE }, 'de-AT')).toBe(german)
  expect(templateFor({ template: DEFAULT_TEMPLATE }, 'DE_ch')).toBe(german)
  const simplified = templateFor({ template: DEFAULT_TEMPLATE }, 'zh-CN')
  const traditional = templateFor({ template: DEFAULT_TEMPLATE }, 'zh-TW')
  expect(simplified).toContain('验证码')
  expect(traditional).toContain('驗證碼')
  expect(templateFor({ template: DEFAULT_TEMPLATE }, 'zh-Hant-HK')).toBe(traditional)
  expect(templateFor({ template: DEFAULT_TEMPLATE }, 'zh-Hans-HK')).toBe(simplified)
})

test('an unknown language gets English, and a template of its own is left alone', () => {
  expect(templateFor({ template: DEFAULT_TEMPLATE }, 'xx')).toBe(DEFAULT_TEMPLATE)
  expect(templateFor({ template: DEFAULT_TEMPLATE }, undefined)).toBe(DEFAULT_TEMPLATE)
  expect(templateFor({ template: 'Code: {code}' }, 'de')).toBe('Code: {code}')
})

test('a service\u2019s own words for a language come before its one text, the nearest tag first', () => {
  const own = {
    template: 'Code: {code}',
    templates: { de: '{code} auf Deutsch', 'de-CH': '{code} uf Schwiizerd\u00fctsch' },
  }
  expect(templateFor(own, 'de-ch')).toBe(own.templates['de-CH'])
  expect(templateFor(own, 'de-AT')).toBe(own.templates.de)
  expect(templateFor(own, 'fr')).toBe(own.template)
  expect(templateFor(own, undefined)).toBe(own.template)
})
