import type * as z from 'zod'
import { fromSettings } from '../../../tenancy/service-settings.ts'
import type { Account, Key, Service } from '../../../tenancy/tenancy.ts'
import type { accountAnswer, keyAnswer, serviceAnswer } from '../schemas/tenancy.ts'
import { instantOf } from '../schemas/texts.ts'

export const toAccountAnswer = (account: Account): z.input<typeof accountAnswer> => ({
  id: account.id,
  name: account.name,
  currency: account.currency,
  default_service: account.defaultServiceId,
  created_at: instantOf(account.createdAtMs),
})

export const toServiceAnswer = (service: Service): z.input<typeof serviceAnswer> => ({
  id: service.id,
  ...fromSettings(service),
  created_at: instantOf(service.createdAtMs),
  updated_at: instantOf(service.updatedAtMs),
})

export const toKeyAnswer = (key: Key): z.input<typeof keyAnswer> => ({
  id: key.id,
  name: key.name,
  scopes: [...key.scopes],
  ...(key.allowedIps === undefined ? {} : { allowed_ips: [...key.allowedIps] }),
  created_at: instantOf(key.createdAtMs),
  ...(key.revokedAtMs === undefined ? {} : { revoked_at: instantOf(key.revokedAtMs) }),
})
