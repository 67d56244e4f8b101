import type { Platform } from '../platform/platform.ts'
import type { Vault } from '../platform/vault.ts'
import {
  type ChallengeBinding,
  checkSolution,
  makeChallenge,
  STANDARD_DIFFICULTY,
} from '../risk/challenge.ts'

/** Sets challenges and checks what comes back; a replay knows the answer beforehand. */
export interface ChallengeDesk {
  make(binding: ChallengeBinding): Promise<object>
  /** The nonce of a solution that counts for this request, to be spent with it; undefined when it does not. */
  check(payload: unknown, binding: ChallengeBinding): Promise<string | undefined>
}

/** ALTCHA proof of work under the vault's keys. */
export function altchaDesk(platform: Platform, vault: Vault): ChallengeDesk {
  const { randomBytes } = platform
  return {
    make: (binding) =>
      makeChallenge(
        { vault, randomBytes },
        { binding, difficulty: STANDARD_DIFFICULTY, nowMs: platform.nowMs() },
      ),
    check: async (payload, binding) => {
      const checked = await checkSolution({ vault }, { payload, binding, nowMs: platform.nowMs() })
      return checked.kind === 'passed' ? checked.nonce : undefined
    },
  }
}
