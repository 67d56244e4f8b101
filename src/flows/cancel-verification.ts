import { statusOf, type VerificationKey, type VerificationStatus } from '../domain/verification.ts'
import { type CompletingHouse, completeElsewhere } from './complete-elsewhere.ts'

export type Canceling =
  | { readonly kind: 'canceled' }
  | { readonly kind: 'closed'; readonly status: VerificationStatus }
  | { readonly kind: 'missing' }

/** Ends an open verification; its code is dead from then on, and a silence that was counted is taken back. */
export async function cancelVerification(
  house: CompletingHouse,
  key: VerificationKey,
): Promise<Canceling> {
  if (await completeElsewhere(house, key)) return { kind: 'canceled' }
  const found = await house.verifications.find(key)
  if (found === undefined) return { kind: 'missing' }
  return { kind: 'closed', status: statusOf(found, house.platform.nowMs()) }
}
