import * as z from 'zod'
import { COUNTRIES } from '../../../domain/country.ts'
import { type IdPrefix, parseId } from '../../../domain/ids.ts'
import { canonicalIp } from '../../../domain/ip.ts'
import { parseListValue } from '../../../risk/list-value.ts'

type IdOf<P extends IdPrefix> = NonNullable<ReturnType<typeof parseId<P>>>

/** An id of one kind: its prefix and 32 hex digits. */
export function idText<P extends IdPrefix>(prefix: P): z.ZodType<IdOf<P>, string> {
  const shape = z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), `must be ${prefix} and 32 hex digits`)
    .meta({ example: `${prefix}0198c1d2e3f4a5b6c7d8e9f0a1b2c3d4` })
  return shape as unknown as z.ZodType<IdOf<P>, string>
}

/** One line of text without control characters, line breaks and half characters. */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters')

export const ipText = z
  .string()
  .max(45)
  .refine((text) => canonicalIp(text) !== undefined, 'must be an IPv4 or IPv6 address')
  .meta({ example: '203.0.113.7' })

export const countryText = z
  .string()
  .refine((code) => COUNTRIES.has(code), 'must be an ISO 3166-1 alpha-2 country in capitals')
  .meta({ example: 'GB' })

/** ISO 8601 with a zone, as callers write it. */
export const instantInput = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant, such as 2026-03-01T12:00:00Z' })
  .meta({ example: '2026-03-01T12:00:00Z' })

/** ISO 8601 in UTC with milliseconds, as we answer. */
export const instant = z.iso.datetime().meta({ example: '2026-03-01T12:00:00.000Z' })

export const instantOf = (atMs: number): string => new Date(atMs).toISOString()

/** Query parameters are text; this one is a whole number in digits. */
export const countParameter = (max: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(max))
    .default(otherwise)

/** Where the next page starts: `next_cursor` of the page before, to be given back unchanged. */
export function cursorParameter<P extends IdPrefix>(prefix: P): z.ZodType<IdOf<P>, string> {
  return z
    .string()
    .refine((text) => parseId(prefix, text) !== undefined, 'must be a next_cursor of this list')
    .meta({ description: '`next_cursor` of the page before.' }) as unknown as z.ZodType<
    IdOf<P>,
    string
  >
}

/**
 * A phone number in a query, in any form that `to` of a body takes. A plus sign that was not percent-encoded arrives as
 * a space, and everybody forgets it once.
 */
export const phoneParameter = z
  .string()
  .max(40)
  .refine(
    (text) => phoneOfParameter(text) !== undefined,
    'must be a phone number in E.164, with its + written as %2B',
  )
  .meta({ example: '+447400123456' })

/** The one text form of the number; undefined when there is none. */
export const phoneOfParameter = (text: string): string | undefined =>
  parseListValue('phone', text.replace(/^ /, '+'))

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Give it back as `cursor` for the next page; null on the last one.' })

export const moneyMicros = z
  .int()
  .meta({ description: 'Millionths of the currency unit.', example: 32_200 })

export const currencyText = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code in capitals')
  .meta({ example: 'USD' })
