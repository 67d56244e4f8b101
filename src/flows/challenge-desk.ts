import type { Platform } from '../platform/platform.ts'
import type { Vault } from '../platform/vault.ts'
import {
  type ChallengeBinding,
  checkSolution,
  difficultyFor,
  makeChallenge,
} from '../risk/challenge.ts'

/** Sets challenges and checks what comes back; a replay knows the answer beforehand. */
export interface ChallengeDesk {
  /** Harder the higher the probability of fraud. */
  make(binding: ChallengeBinding, risk: number): Promise<object>
  /** The nonce of a solution that counts for this request, to be spent with it; undefined when it does not. */
  check(payload: unknown, binding: ChallengeBinding): Promise<string | undefined>
}

/** ALTCHA proof of work under the vault's keys. */
export function altchaDesk(platform: Platform, vault: Vault): ChallengeDesk {
  const { randomBytes } = platform
  return {
    make: (binding, risk) =>
      makeChallenge(
        { vault, randomBytes },
        { binding, difficulty: difficultyFor(risk), nowMs: platform.nowMs() },
      ),
    check: async (payload, binding) => {
      const checked = await checkSolution({ vault }, { payload, binding, nowMs: platform.nowMs() })
      return checked.kind === 'passed' ? checked.nonce : undefined
    },
  }
}
