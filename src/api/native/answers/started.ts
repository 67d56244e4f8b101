import type * as z from 'zod'
import type { Refusal } from '../../../codes/verification-store.ts'
import { assert } from '../../../domain/assert.ts'
import type { HardStop } from '../../../domain/decision.ts'
import { newId } from '../../../domain/ids.ts'
import { Problem } from '../../../domain/problems.ts'
import { statusOf, type Verification } from '../../../domain/verification.ts'
import type { Started } from '../../../flows/commands.ts'
import type { House } from '../../../flows/house.ts'
import type { Service } from '../../../tenancy/tenancy.ts'
import type { verificationAnswer } from '../schemas/verifications.ts'
import { toDecisionSummary, toSilentAnswer, toVerificationAnswer } from './verification.ts'

/** The answer to an issue or a resend. Throws `blocked`, `challenge_required`, `rate_limited` or `budget_exhausted`. */
export function toStartedAnswer(
  { platform }: Pick<House, 'platform'>,
  service: Pick<Service, 'blockResponse'>,
  started: Started,
): z.input<typeof verificationAnswer> {
  const nowMs = platform.nowMs()
  const { verification } = started
  const refusal = refusalMembers(verification, nowMs)
  switch (started.kind) {
    case 'sent':
      return toVerificationAnswer(verification, started.send, nowMs)
    case 'blocked':
      if (service.blockResponse === 'silent') {
        return toSilentAnswer(verification, newId('VL', platform), nowMs)
      }
      throw new Problem('blocked', { members: refusal })
    case 'challenge':
      throw new Problem('challenge_required', {
        members: { challenge: started.challenge, ...refusal },
      })
    case 'limited':
      throw new Problem(codeOfStop(verification.decision.stop), {
        retryAfterSeconds: started.retryAfterSeconds,
        members: refusal,
      })
  }
}

/** For a message that nobody decides on anew: a limit, a budget or the balance said no. */
export function refusalProblem(refusal: Refusal, nowMs: number): Problem {
  if (refusal.kind === 'short') return new Problem('balance_exhausted')
  assert(refusal.kind === 'stopped', 'no challenge was part of it')
  const retryAfterSeconds = Math.max(1, Math.ceil((refusal.retryAtMs - nowMs) / 1000))
  return new Problem(codeOfStop(refusal.stop), { detail: refusal.stop, retryAfterSeconds })
}

const refusalMembers = (verification: Verification, nowMs: number) => ({
  verification: { id: verification.id, status: statusOf(verification, nowMs) },
  decision: toDecisionSummary(verification.decision),
})

/** Whether it was the number that had enough, or a budget that had. */
const codeOfStop = (stop: HardStop | undefined): 'budget_exhausted' | 'rate_limited' =>
  stop?.endsWith('_budget') ? 'budget_exhausted' : 'rate_limited'
