import * as z from 'zod'
import { MESSAGE_KINDS } from '../../../domain/message-kind.ts'
import { MARKETS } from '../../../domain/rate.ts'
import {
  countParameter,
  countryText,
  currencyText,
  cursorParameter,
  idText,
  instant,
  instantInput,
  line,
  moneyMicros,
  nextCursor,
} from './texts.ts'

const SEGMENTS_MAX = 1_000_000_000
const PRICE_MICROS_MAX = 10_000_000_000_000
const COUNTRIES_MAX = 250

const market = z.enum(MARKETS).meta({
  description:
    'domestic pays for countries whose price goes by kind, international for all others.',
})
const kind = z.enum(MESSAGE_KINDS).meta({ description: 'Absent: every kind.' })
const countries = z
  .array(countryText)
  .min(1)
  .max(COUNTRIES_MAX)
  .meta({ description: 'Absent: every country of its market.' })

export const grantPackageBody = z
  .strictObject({
    market,
    kind: kind.optional(),
    countries: countries.optional(),
    segments: z.int().min(1).max(SEGMENTS_MAX),
    valid_from: instantInput.optional().meta({ description: 'Absent: now.' }),
    expires_at: instantInput,
    reference: line(128).meta({ description: 'Your name of this grant; it is made once.' }),
    price_micros: z.int().min(0).max(PRICE_MICROS_MAX).default(0).meta({
      description: 'Taken from the balance at once; 0 where it was paid elsewhere.',
    }),
  })
  .meta({
    id: 'PackageGrant',
    example: {
      market: 'domestic',
      kind: 'otp',
      segments: 10_000,
      expires_at: '2027-07-01T00:00:00Z',
      reference: 'ORDER-2026-31',
    },
  })

export const packageAnswer = z
  .strictObject({
    id: idText('PK'),
    market,
    kind: kind.optional(),
    countries: countries.optional(),
    segments: z.int(),
    left: z.int().meta({ description: 'Segments that can still be taken.' }),
    reserved: z.int().meta({ description: 'Set aside for sends that are not settled.' }),
    valid_from: instant,
    expires_at: instant,
    granted_at: instant,
    reference: z.string(),
    price_micros: moneyMicros,
    currency: currencyText,
  })
  .meta({ id: 'Package' })

export const packageQuery = z.strictObject({
  cursor: cursorParameter('PK').optional(),
  limit: countParameter(100, 20),
})

export const packagePage = z
  .strictObject({ packages: z.array(packageAnswer), next_cursor: nextCursor })
  .meta({ id: 'PackagePage' })
