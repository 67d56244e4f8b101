import { assert } from '../domain/assert.ts'
import { newId } from '../domain/ids.ts'
import { isTest, statusOf, type Verification } from '../domain/verification.ts'
import { type Assessment, assess, phoneOrProblem } from './assess.ts'
import type { ResendCommand, Resending } from './commands.ts'
import { afterSend, draftSend, guardsOf, refuseSend, setChallenge } from './send-code.ts'
import type { StartHouse } from './start-verification.ts'
import { testSend } from './test-number.ts'

/**
 * A new code for an open verification; the old one is dead from then on and the attempts are not refilled. The request is
 * decided on like a first one; a refusal is stored beside the verification, which stays open.
 */
export async function resendVerification(
  house: StartHouse,
  command: ResendCommand,
): Promise<Resending> {
  const key = { accountId: command.accountId, id: command.id }
  const found = await house.verifications.find(key)
  if (found === undefined) return { kind: 'missing' }
  const status = statusOf(found, house.platform.nowMs())
  if (status !== 'pending') return { kind: 'closed', status }
  if (found.sends >= found.sendsMax) return { kind: 'sends_exhausted' }
  if (isTest(found)) return { kind: 'sent', verification: found, send: testSend(house, found) }
  const service = await house.tenancy.service(found.accountId, found.serviceId)
  assert(service !== undefined, 'a verification keeps its service')
  const phone = phoneOrProblem(house, found.phone)
  const { client, challenge } = command
  const assessment = await assess(house, { ...found, service, phone, client, challenge })
  const { outcome, challengePassed } = assessment.decision
  const refused = refusedTwin(house, found, assessment)
  if (outcome === 'block') {
    await house.verifications.refuse(refused)
    return { kind: 'blocked', verification: refused }
  }
  if (outcome === 'challenge' && !challengePassed) return setChallenge(house, refused)
  const next = { ...found, sends: found.sends + 1, price: assessment.price }
  const send = draftSend(house, next, assessment.rate)
  const resent = await house.verifications.resend(key, {
    ...(await guardsOf(house, send, service)),
    challengeNonce: assessment.challengeNonce,
  })
  if (resent.kind === 'resent') {
    await afterSend(house, resent.verification, { send, service })
    return { kind: 'sent', verification: resent.verification, send }
  }
  if (resent.kind === 'missing' || resent.kind === 'closed' || resent.kind === 'sends_exhausted')
    return resent
  return refuseSend(house, refused, resent)
}

/** A refused resend is a request of its own in the books of traffic. */
function refusedTwin(house: StartHouse, found: Verification, assessment: Assessment): Verification {
  return {
    ...found,
    id: newId('VE', house.platform),
    state: 'blocked',
    attempts: 0,
    sends: 0,
    createdAtMs: assessment.signals.atMs,
    decision: assessment.decision,
    subjects: assessment.subjects,
    price: assessment.price,
  }
}
