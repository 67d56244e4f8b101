import type * as z from 'zod'
import type { SendOutcome } from '../../../channels/outbox-store.ts'
import type { Decision } from '../../../domain/decision.ts'
import { maskPhone } from '../../../domain/phone.ts'
import type { Send } from '../../../domain/send.ts'
import { statusOf, type Verification } from '../../../domain/verification.ts'
import type { decisionSummary } from '../schemas/decisions.ts'
import { instantOf } from '../schemas/texts.ts'
import type { verificationAnswer } from '../schemas/verifications.ts'
import { toSendErrorAnswer } from './send-error.ts'

type Answer = z.input<typeof verificationAnswer>
type SendSummary = Pick<Send, 'id' | 'status' | 'channel'> & Partial<Pick<SendOutcome, 'error'>>

export function toVerificationAnswer(
  verification: Verification,
  send: SendSummary | undefined,
  nowMs: number,
): Answer {
  const { amount, attemptsMax, closedAtMs, locale, metadata, payee, purpose } = verification
  return {
    id: verification.id,
    status: statusOf(verification, nowMs),
    to: maskPhone(verification.phone),
    channel: verification.channel,
    service: verification.serviceId,
    ...(purpose === undefined ? {} : { purpose }),
    ...(locale === undefined ? {} : { locale }),
    ...(amount === undefined ? {} : { amount }),
    ...(payee === undefined ? {} : { payee }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    created_at: instantOf(verification.createdAtMs),
    expires_at: instantOf(verification.expiresAtMs),
    ...(closedAtMs === undefined ? {} : { closed_at: instantOf(closedAtMs) }),
    attempts_left: Math.max(0, attemptsMax - verification.attempts),
    sends_left: Math.max(0, verification.sendsMax - verification.sends),
    decision: toDecisionSummary(verification.decision),
    ...(send === undefined ? {} : { send: toSendSummary(send) }),
  }
}

const toSendSummary = ({ id, status, channel, error }: SendSummary) => ({
  id,
  status,
  channel,
  ...(error === undefined ? {} : { error: toSendErrorAnswer(error) }),
})

/**
 * A refused verification as it would look had it been sent, for services whose callers must not learn of a refusal.
 * The decision keeps its id, under which an operator finds the truth.
 */
export function toSilentAnswer(refused: Verification, sendId: Send['id'], nowMs: number): Answer {
  const sends = refused.sends + 1
  const pending: Verification = { ...refused, state: 'open', sends, closedAtMs: undefined }
  return {
    ...toVerificationAnswer(
      pending,
      { id: sendId, status: 'queued', channel: refused.channel },
      nowMs,
    ),
    decision: { id: refused.decision.id, outcome: 'allow', score: 0, reasons: [] },
  }
}

export function toDecisionSummary(decision: Decision): z.input<typeof decisionSummary> {
  return {
    id: decision.id,
    outcome: decision.outcome,
    score: decision.score,
    reasons: decision.reasons.map(({ code, detail }) => ({ code, detail })),
  }
}
