import { expect } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'

/** Makes the default service record decisions without acting on them, so that a flood is not refused as one. */
export async function liftProtection(server: ServerProcess): Promise<void> {
  const account = await server.call('GET', '/v1/account')
  const { default_service: id } = account.body as { readonly default_service: string }
  const settings = {
    protection: 'record_only',
    phone_per_minute: 1_000,
    phone_per_hour: 1_000,
    phone_per_day: 1_000,
  }
  const { status } = await server.call('PATCH', `/v1/services/${id}`, settings)
  expect(status).toBe(200)
}

/** The `index`-th of ten million British mobile numbers of one block. */
export const britishMobile = (index: number): string =>
  `+447400${String(index % 1_000_000).padStart(6, '0')}`
