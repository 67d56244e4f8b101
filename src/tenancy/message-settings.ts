import * as z from 'zod'
import { isPrintable } from '../domain/message-text.ts'

const TEMPLATE_WORDS: ReadonlySet<string> = new Set([
  'code',
  'minutes',
  'service',
  'amount',
  'payee',
])
const LOCALES_MAX = 40

export const localeField = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a BCP 47 language tag')

const textField = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\P{Cc}\n]*$/u, 'may not contain control characters other than line breaks')
    .refine(isPrintable, { error: 'may not contain marks that reorder or hide text' })

export const templateField = textField(500)
  .refine((text) => text.includes('{code}'), { error: 'must contain {code}' })
  .refine((text) => placeholdersOf(text).every((word) => TEMPLATE_WORDS.has(word)), {
    error: 'knows only {code}, {minutes}, {service}, {amount} and {payee}',
  })

export const templatesField = z
  .record(localeField, templateField)
  .refine((templates) => Object.keys(templates).length <= LOCALES_MAX, {
    error: `has at most ${LOCALES_MAX} languages`,
  })
  .meta({
    description: 'Templates by language tag; a request in another language gets `template`.',
    example: { de: '{code} ist Ihr Code bei {service}.' },
  })

export const signatureField = z
  .string()
  .trim()
  .min(2)
  .max(16)
  .regex(/^[^\p{Cc}【】]*$/u, 'is written without brackets and control characters')
  .refine(isPrintable, { error: 'may not contain marks that reorder or hide text' })
  .meta({
    description:
      'Registered signature. Chinese carriers want it at the head of a text, as 【signature】.',
    example: '阿里云',
  })

/** A host name of RFC 1123 with at least one dot, as a browser shows it. */
export const webOtpHostField = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
    error: 'is not a host name in lower case',
  })
  .meta({
    description:
      'Ends texts with `@host #code`, so that browsers fill the code in on that site only.',
    example: 'login.example.com',
  })

export const androidHashField = z
  .string()
  .regex(/^[A-Za-z0-9+/]{11}$/, 'must be the 11 characters of an app signature hash')
  .meta({
    description:
      'Puts the hash of an Android app into texts, so that the app may read the code by itself.',
    example: 'FA+9qCX9VSu',
  })

const MESSAGE_TEMPLATES_MAX = 100
/** The name of the service, which no caller has to give. */
const SERVICE_WORD = 'service'

const messageTemplateField = z
  .strictObject({
    template: textField(1_000),
    templates: z
      .record(localeField, textField(1_000))
      .refine((texts) => Object.keys(texts).length <= LOCALES_MAX, {
        error: `has at most ${LOCALES_MAX} languages`,
      })
      .default({}),
  })
  .superRefine(({ template, templates }, context) => {
    const wanted = variablesOf(template)
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (wanted.some((word) => !VARIABLE.test(word))) {
      refuse(['template'], 'a variable is a word of a-z, 0-9 and _, such as {order_no}')
    }
    for (const [locale, text] of Object.entries(templates)) {
      const isSame = variablesOf(text).join() === wanted.join()
      if (!isSame) refuse(['templates', locale], 'must have the same variables as `template`')
    }
  })

const VARIABLE = /^[a-z][a-z0-9_]{0,31}$/

export const messageTemplatesField = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, 'is a word of a-z, 0-9 and _')
      .refine((name) => name !== 'verification', 'is the name of the template of codes'),
    messageTemplateField,
  )
  .refine((templates) => Object.keys(templates).length <= MESSAGE_TEMPLATES_MAX, {
    error: `has at most ${MESSAGE_TEMPLATES_MAX} templates`,
  })
  .meta({
    description:
      'Texts of batches by name, with variables of your own; `{service}` is the name of the service. `templates` has texts by language tag; a batch in another language gets `template`.',
    example: {
      order_shipped: {
        template: '{service}: order {order_no} is on its way.',
        templates: { de: '{service}: Bestellung {order_no} ist unterwegs.' },
      },
    },
  })

/** What a caller has to give for a template, each once and in one order. */
export const variablesOf = (template: string): readonly string[] =>
  [...new Set(placeholdersOf(template))].filter((word) => word !== SERVICE_WORD).sort()

const placeholdersOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/\{([^{}]*)\}/g), (match) => match[1] ?? '')
