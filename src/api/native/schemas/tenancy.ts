import * as z from 'zod'
import { parseCidr, parseIp } from '../../../domain/ip.ts'
import {
  serviceCreateWire,
  serviceSettingsWire,
  serviceUpdateWire,
} from '../../../tenancy/service-settings.ts'
import { SCOPES } from '../../../tenancy/tenancy.ts'
import {
  countParameter,
  currencyText,
  cursorParameter,
  idText,
  instant,
  line,
  nextCursor,
} from './texts.ts'

export const accountAnswer = z
  .strictObject({
    id: idText('AC'),
    name: z.string(),
    currency: currencyText,
    default_service: idText('VA'),
    created_at: instant,
  })
  .meta({ id: 'Account' })

export const serviceParams = z.strictObject({ id: idText('VA') })

export const createServiceBody = serviceCreateWire.meta({
  id: 'CreateService',
  description: 'A name, and whatever differs from the defaults.',
  example: { name: 'Sign-up', code_length: 6, blocked_countries: ['CU'] },
})

export const updateServiceBody = serviceUpdateWire.meta({
  id: 'UpdateService',
  description: 'What is absent stays as it is; null takes a setting away.',
  example: { daily_budget_micros: 50_000_000 },
})

export const serviceAnswer = z
  .strictObject({
    id: idText('VA'),
    ...serviceSettingsWire.shape,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Service' })

export const servicePage = z
  .strictObject({ services: z.array(serviceAnswer), next_cursor: nextCursor })
  .meta({ id: 'ServicePage' })

export const serviceQuery = z.strictObject({
  cursor: cursorParameter('VA').optional(),
  limit: countParameter(100, 20),
})

const allowedIp = z
  .string()
  .max(49)
  .refine(
    (text) => parseIp(text) !== undefined || parseCidr(text) !== undefined,
    'must be an IP address or a CIDR',
  )
  .meta({ example: '198.51.100.0/24' })

const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .max(SCOPES.length)
  .refine((items) => new Set(items).size === items.length, 'names a scope twice')
  .meta({ description: '`admin` may do everything.', example: ['verify'] })

export const createKeyBody = z
  .strictObject({
    name: line(64),
    scopes,
    allowed_ips: z
      .array(allowedIp)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: 'Addresses that the key may be used from; anywhere when absent.' }),
  })
  .meta({ id: 'CreateKey', example: { name: 'Login servers', scopes: ['verify'] } })

const keyShape = {
  id: idText('SK'),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  allowed_ips: z.array(z.string()).optional(),
  created_at: instant,
  revoked_at: instant.optional(),
}

export const keyAnswer = z.strictObject(keyShape).meta({ id: 'Key' })

export const createdKeyAnswer = z
  .strictObject({
    ...keyShape,
    secret: z.string().meta({ description: 'Shown this once.' }),
  })
  .meta({ id: 'CreatedKey' })

export const keyPage = z
  .strictObject({ keys: z.array(keyAnswer), next_cursor: nextCursor })
  .meta({ id: 'KeyPage' })

export const keyQuery = z.strictObject({
  cursor: cursorParameter('SK').optional(),
  limit: countParameter(100, 20),
})

export const keyParams = z.strictObject({ id: idText('SK') })
