import { expect, test } from 'vitest'
import { countedTemplates, namedTemplates, namedValues, templateFor } from './template-choice.ts'

const templates = countedTemplates.parse([
  { id: 'any', variables: ['code'] },
  { id: 'zh', locale: 'zh', variables: ['code', 'minutes'] },
  { id: 'tw', locale: 'zh-TW', variables: ['code'] },
  { id: 'login', name: 'login', locale: 'zh', variables: ['code'] },
])
const idFor = (locale: string, name = 'verification') =>
  templateFor(templates, { name, locale })?.id

test('a template is chosen by its locale, else its language, else any', () => {
  expect(idFor('zh-tw')).toBe('tw')
  expect(idFor('zh-CN')).toBe('zh')
  expect(idFor('fr')).toBe('any')
  expect(templateFor(templates.slice(1), { name: 'verification', locale: 'fr' })).toBeUndefined()
  expect(templateFor(templates.slice(3), { name: 'verification', locale: 'zh' })).toBeUndefined()
})

test("a vendor's variables are filled with ours", () => {
  const [template] = namedTemplates.parse([
    { id: 'SMS_1', variables: { pin: 'code', min: 'minutes' } },
  ])
  const variables = { code: '123456', minutes: '5', brand: 'Acme' }
  const message = { name: 'verification', locale: 'en', variables }
  expect(template && namedValues(template, message)).toEqual({ pin: '123456', min: '5' })
  expect(namedTemplates.safeParse([{ id: 'SMS_1', variables: { pin: 'secret' } }]).success).toBe(
    false,
  )
})
