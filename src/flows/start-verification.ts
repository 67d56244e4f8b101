import { isSampled } from '../domain/decision.ts'
import { newId } from '../domain/ids.ts'
import { ZERO } from '../domain/money.ts'
import { fieldProblem } from '../domain/problems.ts'
import type { Verification } from '../domain/verification.ts'
import type { PhoneFacts } from '../risk/signals.ts'
import {
  type AssessingHouse,
  type Assessment,
  assess,
  phoneOrProblem,
  refuseChannel,
} from './assess.ts'
import type { StartCommand, Started } from './commands.ts'
import type { House } from './house.ts'
import { noteOutcome } from './remember.ts'
import { afterSend, draftSend, guardsOf, refuseSend, setChallenge } from './send-code.ts'
import { openTest, testDecision, testNumberOf } from './test-number.ts'

export type StartHouse = AssessingHouse &
  Pick<House, 'vault' | 'verifications' | 'budgets' | 'events' | 'wake'>

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
  if (testNumberOf(service, phone.phone) !== undefined) return startTest(house, command, phone)
  const assessment = await assess(house, { ...command, phone, codeLength, isFirst: true })
  const { signals } = assessment
  const { ip, asn } = signals.network
  const facts = { ...assessment, phone, codeLength, atMs: signals.atMs, ip, asn }
  const verification = draftVerification(house, command, facts)
  const { outcome, challengePassed } = assessment.decision
  if (outcome === 'block') return block(house, verification)
  if (outcome === 'challenge' && !challengePassed) {
    if (!isSampled(assessment.decision)) await countChallenge(house, verification)
    return setChallenge(house, verification)
  }
  const send = draftSend(house, verification, assessment.rate)
  const { challengeNonce } = assessment
  const opened = await house.verifications.open({
    ...(await guardsOf(house, send, service)),
    verification,
    challengeNonce,
  })
  if (opened.kind !== 'opened') return refuseSend(house, verification, opened)
  await afterSend(house, verification, { send, service })
  return { kind: 'sent', verification, send }
}

/** A monitor's request: checked for its channel and kept, but nobody decides on it. */
async function startTest(
  house: StartHouse,
  command: StartCommand,
  phone: PhoneFacts,
): Promise<Started> {
  const { service, channel, client } = command
  refuseChannel({ service, channel })
  const account = await house.tenancy.account(command.accountId)
  if (account === undefined) throw fieldProblem('/service', 'its account is gone')
  const drafted = draftVerification(house, command, {
    decision: testDecision(house),
    subjects: {},
    price: ZERO,
    currency: account.currency,
    phone,
    codeLength: command.codeLength ?? service.codeLength,
    atMs: house.platform.nowMs(),
    ip: client.ip,
    asn: undefined,
  })
  return openTest(house, drafted)
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

type DraftFacts = Pick<Assessment, 'decision' | 'subjects' | 'price' | 'currency'> & {
  readonly phone: PhoneFacts
  readonly codeLength: number
  readonly atMs: number
  readonly ip: string | undefined
  readonly asn: number | undefined
}

function draftVerification(
  house: StartHouse,
  command: StartCommand,
  facts: DraftFacts,
): Verification {
  const { service } = command
  const { decision, subjects, price, currency, phone, codeLength, atMs, ip, asn } = facts
  return {
    id: newId('VE', house.platform),
    accountId: command.accountId,
    serviceId: service.id,
    phone: phone.phone,
    channel: command.channel,
    purpose: command.purpose,
    locale: command.locale,
    amount: command.amount,
    payee: command.payee,
    metadata: command.metadata,
    ip,
    state: 'open',
    codeLength,
    keyId: house.vault.keyId,
    attempts: 0,
    attemptsMax: service.attemptsMax,
    sends: 1,
    sendsMax: service.sendsMax,
    createdAtMs: atMs,
    expiresAtMs: atMs + service.ttlSeconds * 1000,
    closedAtMs: undefined,
    matured: false,
    decision,
    subjects,
    price,
    currency,
    traffic: {
      country: phone.country,
      range: phone.phone.slice(0, -3),
      asn,
    },
  }
}
