import type * as z from 'zod'
import { newId } from '../../../domain/ids.ts'
import { Problem } from '../../../domain/problems.ts'
import type { Verification } from '../../../domain/verification.ts'
import { toSilentAnswer } from '../answers/verification.ts'
import type { Call } from '../route.ts'
import type { checkAnswer, verificationAnswer } from '../schemas/verifications.ts'

type AnyCall = Pick<Call<unknown, unknown, unknown>, 'house' | 'key'>

/**
 * The check of a request that was blocked without telling: what a wrong code gets, for as long as a code would have lived.
 * Undefined when there is nothing to hide.
 */
export async function silentlyBlocked(
  call: AnyCall,
  verification: Verification,
): Promise<z.input<typeof checkAnswer> | undefined> {
  if (verification.state !== 'blocked' || !(await isSilent(call, verification))) return undefined
  const { id, attemptsMax, expiresAtMs } = verification
  const expired = call.house.platform.nowMs() >= expiresAtMs
  const status = expired ? 'expired' : 'pending'
  return { id, status, valid: false, attempts_left: Math.max(0, attemptsMax - 1) }
}

/**
 * The resend of a blocked request, or a resend that was blocked, under the id that the caller knows. Throws
 * `verification_closed` unless its service keeps refusals to itself.
 */
export async function silentResendAnswer(
  call: AnyCall,
  id: Verification['id'],
): Promise<z.input<typeof verificationAnswer>> {
  const { house, key } = call
  const found = await house.verifications.find({ accountId: key.accountId, id })
  const nowMs = house.platform.nowMs()
  if (found === undefined || nowMs >= found.expiresAtMs || !(await isSilent(call, found))) {
    throw new Problem('verification_closed', { detail: 'It was blocked.' })
  }
  return toSilentAnswer(found, newId('VL', house.platform), nowMs)
}

async function isSilent(
  { house, key }: AnyCall,
  { serviceId }: Pick<Verification, 'serviceId'>,
): Promise<boolean> {
  const service = await house.tenancy.service(key.accountId, serviceId)
  return service?.blockResponse === 'silent'
}
