import { newId } from '../domain/ids.ts'
import type { Verification } from '../domain/verification.ts'
import { type AssessingHouse, type Assessment, assess, phoneOrProblem } from './assess.ts'
import type { StartCommand, Started } from './commands.ts'
import type { House } from './house.ts'
import { noteOutcome } from './remember.ts'
import { afterSend, draftSend, guardsOf, refuseSend, setChallenge } from './send-code.ts'

export type StartHouse = AssessingHouse & Pick<House, 'vault' | 'verifications' | 'wake'>

/**
 * Assessment, then refusal, challenge or send. A send is one write: verification, outbox row, reservation, budgets and caps.
 * Throws `invalid_phone`, `unsupported_channel` and `balance_exhausted`.
 */
export async function startVerification(
  house: StartHouse,
  command: StartCommand,
): Promise<Started> {
  const { service } = command
  const phone = phoneOrProblem(house, command.to)
  const codeLength = command.codeLength ?? service.codeLength
  const assessment = await assess(house, { ...command, phone, codeLength })
  const verification = draftVerification(house, command, { assessment, codeLength })
  const { outcome, challengePassed } = assessment.decision
  if (outcome === 'block') return block(house, verification)
  if (outcome === 'challenge' && !challengePassed) {
    await countChallenge(house, verification)
    return setChallenge(house, verification)
  }
  const send = draftSend(house, verification)
  const { challengeNonce } = assessment
  const opened = await house.verifications.open({
    verification,
    ...guardsOf(send, service),
    challengeNonce,
  })
  if (opened.kind !== 'opened') return refuseSend(house, verification, opened)
  await afterSend(house, verification, send)
  return { kind: 'sent', verification, send }
}

async function block(house: StartHouse, verification: Verification): Promise<Started> {
  const blocked: Verification = { ...verification, state: 'blocked', sends: 0 }
  await house.verifications.refuse(blocked)
  return { kind: 'blocked', verification: blocked }
}

/** Until it is solved a challenge counts against whoever got it. */
async function countChallenge(house: StartHouse, verification: Verification): Promise<void> {
  const { subjects, price, createdAtMs: atMs } = verification
  try {
    await house.velocity.record({ kind: 'challenged', atMs, sentAtMs: atMs, subjects, price })
  } catch {
    house.platform.log.error('velocity.unavailable', { while: 'challenge' })
  }
  await noteOutcome(house, verification, { kind: 'challenged', atMs })
}

function draftVerification(
  house: StartHouse,
  command: StartCommand,
  { assessment, codeLength }: { assessment: Assessment; codeLength: number },
): Verification {
  const { service } = command
  const { decision, signals, subjects, price, currency } = assessment
  return {
    id: newId('VE', house.platform),
    accountId: command.accountId,
    serviceId: service.id,
    phone: signals.phone.phone,
    channel: command.channel,
    purpose: command.purpose,
    locale: command.locale,
    amount: command.amount,
    payee: command.payee,
    metadata: command.metadata,
    ip: signals.network.ip,
    state: 'open',
    codeLength,
    keyId: house.vault.keyId,
    attempts: 0,
    attemptsMax: service.attemptsMax,
    sends: 1,
    sendsMax: service.sendsMax,
    createdAtMs: signals.atMs,
    expiresAtMs: signals.atMs + service.ttlSeconds * 1000,
    closedAtMs: undefined,
    matured: false,
    decision,
    subjects,
    price,
    currency,
    traffic: {
      country: signals.phone.country,
      range: signals.phone.phone.slice(0, -3),
      asn: signals.network.asn,
    },
  }
}
