import * as z from 'zod'
import { CHANNELS } from '../domain/channel.ts'
import { COUNTRIES } from '../domain/country.ts'
import { DEFAULT_TEMPLATE, isPrintable } from '../domain/message-text.ts'
import { type Micros, micros } from '../domain/money.ts'
import {
  androidHashField,
  localeField,
  messageTemplatesField,
  signatureField,
  templateField,
  templatesField,
  webOtpHostField,
} from './message-settings.ts'
import { PROTECTION_LEVELS, type ServiceSettings } from './tenancy.ts'

/** What a service is until its owner says otherwise. A person who gets in is taken to be worth half a unit of money. */
export const DEFAULT_SERVICE_SETTINGS: ServiceSettings = {
  name: 'Tollgate',
  codeLength: 6,
  ttlSeconds: 600,
  attemptsMax: 5,
  sendsMax: 5,
  channels: ['sms', 'voice'],
  fallbackChannels: [],
  sender: undefined,
  template: DEFAULT_TEMPLATE,
  templates: {},
  messageTemplates: {},
  locale: 'en',
  signature: undefined,
  webOtpHost: undefined,
  androidHash: undefined,
  protection: 'standard',
  countries: undefined,
  blockedCountries: [],
  phonePerMinute: 1,
  phonePerHour: 5,
  phonePerDay: 10,
  phoneNoticesPerDay: 50,
  phoneBulkPerDay: 50,
  hourlyBudget: undefined,
  dailyBudget: undefined,
  blockResponse: 'explicit',
  userValue: micros(500_000),
  testNumbers: [],
}

const MONEY_MICROS_MAX = 1_000_000_000_000_000
const PHONE_CAP_MAX = 1_000
const TEST_NUMBERS_MAX = 50

const distinct = (items: readonly string[]): boolean => new Set(items).size === items.length
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'may not contain control characters')
    .refine(isPrintable, { error: 'may not contain marks that reorder or hide text' })
const whole = (min: number, max: number) => z.int().min(min).max(max)

const country = z.string().refine((code) => COUNTRIES.has(code), {
  error: 'is neither an ISO 3166-1 alpha-2 country in capital letters nor 001',
})
const countryList = z
  .array(country)
  .max(COUNTRIES.size)
  .refine(distinct, { error: 'names a country twice' })

const testNumber = z.strictObject({
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164'),
  code: z.string().regex(/^\d{4,10}$/, 'must be 4 to 10 digits'),
})

/** Every setting in wire words, all present; null where there is none. What the API shows and the database keeps. */
export const serviceSettingsWire = z.strictObject({
  name: line(64),
  code_length: whole(4, 10),
  ttl_seconds: whole(60, 3_600),
  attempts_max: whole(1, 10),
  sends_max: whole(1, 10),
  channels: z
    .array(z.enum(CHANNELS))
    .min(1)
    .max(CHANNELS.length)
    .refine(distinct, { error: 'names a channel twice' }),
  fallback_channels: z
    .union(
      [
        z.literal('default'),
        z
          .array(z.enum(CHANNELS))
          .max(CHANNELS.length)
          .refine(distinct, { error: 'names a channel twice' }),
      ],
      { error: 'must be "default" or a list of channels, each once' },
    )
    .meta({
      description:
        'Take over in this order when no provider of the channel before took the message; each is one of `channels`. `default`: in the order of the routes file. Priced, limited and decided on like a request for that channel.',
      example: ['whatsapp', 'voice'],
    }),
  sender: line(32).nullable(),
  template: templateField,
  templates: templatesField,
  message_templates: messageTemplatesField,
  locale: localeField,
  signature: signatureField.nullable(),
  web_otp_host: webOtpHostField.nullable(),
  android_hash: androidHashField.nullable(),
  protection: z.enum(PROTECTION_LEVELS),
  countries: countryList.min(1).nullable(),
  blocked_countries: countryList,
  phone_per_minute: whole(1, PHONE_CAP_MAX),
  phone_per_hour: whole(1, PHONE_CAP_MAX),
  phone_per_day: whole(1, PHONE_CAP_MAX),
  phone_notices_per_day: whole(1, PHONE_CAP_MAX).meta({
    description: 'Messages of batches of kind notice that one number gets in 24 hours.',
  }),
  phone_bulk_per_day: whole(1, PHONE_CAP_MAX).meta({ description: 'The same of kind bulk.' }),
  hourly_budget_micros: whole(0, MONEY_MICROS_MAX).nullable(),
  daily_budget_micros: whole(0, MONEY_MICROS_MAX).nullable(),
  block_response: z.enum(['explicit', 'silent']),
  user_value_micros: whole(0, MONEY_MICROS_MAX),
  test_numbers: z
    .array(testNumber)
    .max(TEST_NUMBERS_MAX)
    .refine((numbers) => distinct(numbers.map(({ phone }) => phone)), {
      error: 'names a phone twice',
    })
    .meta({
      description:
        'Numbers of monitors and app reviewers with their fixed codes. Nothing is sent to them, charged, limited or counted.',
      example: [{ phone: '+447400999999', code: '246810' }],
    }),
})

/** Body of an update: what is absent stays as it is, null takes a setting away. */
export const serviceUpdateWire = serviceSettingsWire.partial()

/** Body of a creation: a name, and whatever differs from the defaults. */
export const serviceCreateWire = serviceUpdateWire.required({ name: true })

export type ServiceSettingsWire = z.infer<typeof serviceSettingsWire>
export type ServiceUpdateWire = z.infer<typeof serviceUpdateWire>

/** Settings from a parsed body; what it does not name comes from `base`. */
export function toSettings(
  body: ServiceUpdateWire,
  base: ServiceSettings = DEFAULT_SERVICE_SETTINGS,
): ServiceSettings {
  const given = Object.entries(body).filter(([, value]) => value !== undefined)
  const wire: ServiceSettingsWire = { ...fromSettings(base), ...Object.fromEntries(given) }
  return {
    name: wire.name,
    codeLength: wire.code_length,
    ttlSeconds: wire.ttl_seconds,
    attemptsMax: wire.attempts_max,
    sendsMax: wire.sends_max,
    channels: wire.channels,
    fallbackChannels: wire.fallback_channels,
    sender: wire.sender ?? undefined,
    template: wire.template,
    templates: wire.templates,
    messageTemplates: wire.message_templates,
    locale: wire.locale,
    signature: wire.signature ?? undefined,
    webOtpHost: wire.web_otp_host ?? undefined,
    androidHash: wire.android_hash ?? undefined,
    protection: wire.protection,
    countries: wire.countries ?? undefined,
    blockedCountries: wire.blocked_countries,
    phonePerMinute: wire.phone_per_minute,
    phonePerHour: wire.phone_per_hour,
    phonePerDay: wire.phone_per_day,
    phoneNoticesPerDay: wire.phone_notices_per_day,
    phoneBulkPerDay: wire.phone_bulk_per_day,
    hourlyBudget: moneyOf(wire.hourly_budget_micros),
    dailyBudget: moneyOf(wire.daily_budget_micros),
    blockResponse: wire.block_response,
    userValue: micros(wire.user_value_micros),
    testNumbers: wire.test_numbers,
  }
}

/** The same settings in wire words. */
export function fromSettings(settings: ServiceSettings): ServiceSettingsWire {
  return {
    name: settings.name,
    code_length: settings.codeLength,
    ttl_seconds: settings.ttlSeconds,
    attempts_max: settings.attemptsMax,
    sends_max: settings.sendsMax,
    channels: [...settings.channels],
    fallback_channels:
      settings.fallbackChannels === 'default' ? 'default' : [...settings.fallbackChannels],
    sender: settings.sender ?? null,
    template: settings.template,
    templates: { ...settings.templates },
    message_templates: Object.fromEntries(
      Object.entries(settings.messageTemplates).map(([name, { template, templates }]) => [
        name,
        { template, templates: { ...templates } },
      ]),
    ),
    locale: settings.locale,
    signature: settings.signature ?? null,
    web_otp_host: settings.webOtpHost ?? null,
    android_hash: settings.androidHash ?? null,
    protection: settings.protection,
    countries: settings.countries === undefined ? null : [...settings.countries],
    blocked_countries: [...settings.blockedCountries],
    phone_per_minute: settings.phonePerMinute,
    phone_per_hour: settings.phonePerHour,
    phone_per_day: settings.phonePerDay,
    phone_notices_per_day: settings.phoneNoticesPerDay,
    phone_bulk_per_day: settings.phoneBulkPerDay,
    hourly_budget_micros: settings.hourlyBudget ?? null,
    daily_budget_micros: settings.dailyBudget ?? null,
    block_response: settings.blockResponse,
    user_value_micros: settings.userValue,
    test_numbers: settings.testNumbers.map(({ phone, code }) => ({ phone, code })),
  }
}

const moneyOf = (amount: number | null): Micros | undefined =>
  amount === null ? undefined : micros(amount)
