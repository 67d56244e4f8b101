import { expect, test } from 'vitest'
import { countedTemplates, namedTemplates, namedValues, templateFor } from './template-choice.ts'

const templates = countedTemplates.parse([
  { id: 'any', variables: ['code'] },
  { id: 'zh', locale: 'zh', variables: ['code', 'minutes'] },
  { id: 'tw', locale: 'zh-TW', variables: ['code'] },
  { id: 'login', name: 'login', locale: 'zh', variables: ['code'] },
])
const CODE = { code: '123456', minutes: '5', brand: 'Acme' }
const idFor = (locale: string, name = 'verification') =>
  templateFor(templates, { name, locale, variables: CODE })?.id

const OTP = { name: 'verification', locale: 'en', variables: CODE }

test('a template is chosen by its locale, else its language, else any', () => {
  expect(idFor('zh-tw')).toBe('tw')
  expect(idFor('zh-CN')).toBe('zh')
  expect(idFor('fr')).toBe('any')
  expect(templateFor(templates.slice(1), { ...OTP, locale: 'fr' })).toBeUndefined()
  expect(templateFor(templates.slice(3), { ...OTP, locale: 'zh' })).toBeUndefined()
})

test("a vendor's variables are filled with ours", () => {
  const [template] = namedTemplates.parse([
    { id: 'SMS_1', variables: { pin: 'code', min: 'minutes' } },
  ])
  expect(template && namedValues(template, OTP)).toEqual({ pin: '123456', min: '5' })
  expect(namedTemplates.safeParse([{ id: 'SMS_1', variables: { pin: 'secret' } }]).success).toBe(
    false,
  )
})

test("a service's own template is taken by its name alone, and only with all its variables", () => {
  const own = namedTemplates.parse([
    { id: 'SMS_1', variables: { code: 'code' } },
    { id: 'SMS_2', name: 'order_shipped', variables: { no: 'order', when: 'day' } },
  ])
  const notice = { name: 'order_shipped', locale: 'en', variables: { order: 'A1', day: 'Monday' } }
  const chosen = templateFor(own, notice)
  expect(chosen?.id).toBe('SMS_2')
  expect(chosen && namedValues(chosen, notice)).toEqual({ no: 'A1', when: 'Monday' })
  expect(templateFor(own, { ...notice, variables: { order: 'A1' } })).toBeUndefined()
  expect(templateFor(own, { ...notice, name: 'order_late' })).toBeUndefined()
})
