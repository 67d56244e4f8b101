import { statusOf, type VerificationKey, type VerificationStatus } from '../domain/verification.ts'
import type { House } from './house.ts'

export type Canceling =
  | { readonly kind: 'canceled' }
  | { readonly kind: 'closed'; readonly status: VerificationStatus }
  | { readonly kind: 'missing' }

/** Ends an open verification; its code is dead from then on. */
export async function cancelVerification(
  house: Pick<House, 'platform' | 'verifications'>,
  key: VerificationKey,
): Promise<Canceling> {
  const nowMs = house.platform.nowMs()
  if (await house.verifications.cancel(key, nowMs)) return { kind: 'canceled' }
  const found = await house.verifications.find(key)
  if (found === undefined) return { kind: 'missing' }
  return { kind: 'closed', status: statusOf(found, nowMs) }
}
