import { type Challenge, createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'
import * as z from 'zod'
import type { AccountId } from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import type { Vault } from '../platform/vault.ts'

export type { Challenge } from 'altcha-lib'

/** How long a challenge may be answered. */
export const CHALLENGE_TTL_MS = 600_000

/**
 * Work is `cost` PBKDF2 iterations for each counter up to one that is drawn between the two bounds, so nobody's wait exceeds
 * the upper bound, which the widget's workers share.
 */
export type Difficulty = {
  readonly cost: number
  readonly counterMin: number
  readonly counterMax: number
}

/** Counters to try on average at no risk at all, and at certain fraud. */
const COUNTER_LEAST = 200
const COUNTER_MOST = 2_000
const COST = 2_000
/** The drawn counter lies within half above and below the average. */
const SPREAD = 0.5

/**
 * Grows with the square of the risk, so that people whom a single rule doubts hardly wait and the price of a send is felt by who asks
 * for thousands. The most that anybody is ever asked is 3,000 counters, 6 million iterations. One core of a server did 3.9 million a
 * second when this was set. A middling phone of 2018 is taken to do 0.3 million on each of four workers, a thirteenth: it waits
 * 5 s at the most and 3.3 s on average at certain fraud, a third of a second on average at none. `risk` is a probability of fraud.
 */
export function difficultyFor(risk: number): Difficulty {
  const bounded = Number.isFinite(risk) ? Math.min(1, Math.max(0, risk)) : 1
  const average = COUNTER_LEAST + (COUNTER_MOST - COUNTER_LEAST) * bounded ** 2
  return {
    cost: COST,
    counterMin: Math.round(average * (1 - SPREAD)),
    counterMax: Math.round(average * (1 + SPREAD)),
  }
}

/** Whom a solution counts for: it is worth nothing for another account or number. */
export type ChallengeBinding = { readonly accountId: AccountId; readonly phone: Phone }

export type ChallengeDeps = {
  readonly vault: Pick<Vault, 'digest'>
  readonly randomBytes: (length: number) => Uint8Array
}

export type ChallengeOrder = {
  readonly binding: ChallengeBinding
  readonly difficulty: Difficulty
  readonly nowMs: number
}

export type CheckedSolution =
  | { readonly kind: 'passed'; readonly nonce: string }
  | { readonly kind: 'failed'; readonly why: SolutionFault }
/** malformed: not what a widget posts; forged: not our challenge, or changed; wrong: the work was not done. */
export type SolutionFault = 'malformed' | 'forged' | 'expired' | 'other_request' | 'wrong'

/**
 * A challenge as the ALTCHA widget takes it (`challenge` attribute, version 3). The counter comes from `randomBytes`; nonce and
 * salt are drawn by altcha-lib itself, which takes no source of chance. It expires by a signed member of `data`, not by the library's
 * `expiresAt`, because that is compared with the wall clock and never with ours.
 */
export async function makeChallenge(
  deps: ChallengeDeps,
  { binding, difficulty, nowMs }: ChallengeOrder,
): Promise<Challenge> {
  return await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: difficulty.cost,
    counter: drawCounter(deps.randomBytes, difficulty),
    counterMode: 'uint32',
    keyLength: 32,
    data: {
      binding: bindingText(deps.vault, binding),
      expires_at: Math.floor((nowMs + CHALLENGE_TTL_MS) / 1000),
    },
    deriveKey,
    ...secretsOf(deps.vault),
  })
}

function drawCounter(
  randomBytes: ChallengeDeps['randomBytes'],
  { counterMin, counterMax }: Difficulty,
): number {
  const bytes = randomBytes(4)
  const drawn = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return counterMin + (drawn % (counterMax - counterMin + 1))
}

const bindingText = (vault: ChallengeDeps['vault'], { accountId, phone }: ChallengeBinding) =>
  vault.digest('challenge', `binding:${accountId}:${phone}`)

/** With the second secret the derived key is signed as well, and a check costs two HMACs instead of the key derivation. */
const secretsOf = (vault: ChallengeDeps['vault']) => ({
  hmacSignatureSecret: vault.digest('challenge', 'signature'),
  hmacKeySignatureSecret: vault.digest('challenge', 'key'),
})

const hex = z.string().regex(/^(?:[0-9a-f]{2}){1,64}$/)
/** Every member that our challenges have and no other: what is signed is what is read. */
const payloadSchema = z.object({
  challenge: z.object({
    parameters: z.strictObject({
      algorithm: z.literal('PBKDF2/SHA-256'),
      nonce: hex,
      salt: hex,
      cost: z.int().positive(),
      keyLength: z.literal(32),
      keyPrefix: hex,
      keySignature: hex,
      data: z.strictObject({ binding: hex, expires_at: z.int().positive() }),
    }),
    signature: hex,
  }),
  solution: z.object({ counter: z.int().nonnegative().max(0xffff_ffff), derivedKey: hex }),
})

const PAYLOAD_MAX = 4096

/**
 * Checks what the widget posted: its base64 text, or the JSON inside of it. The answer's `nonce` names the challenge; a caller that wants
 * each challenge to let one request through must remember it for `CHALLENGE_TTL_MS`.
 */
export async function checkSolution(
  deps: Pick<ChallengeDeps, 'vault'>,
  { payload, binding, nowMs }: { payload: unknown; binding: ChallengeBinding; nowMs: number },
): Promise<CheckedSolution> {
  const parsed = payloadSchema.safeParse(typeof payload === 'string' ? decode(payload) : payload)
  if (!parsed.success) return { kind: 'failed', why: 'malformed' }
  const { challenge, solution } = parsed.data
  const result = await verifySolution({
    challenge,
    solution,
    counterMode: 'uint32',
    deriveKey,
    ...secretsOf(deps.vault),
  })
  if (result.invalidSignature !== false) return { kind: 'failed', why: 'forged' }
  const { data, nonce } = challenge.parameters
  if (data.binding !== bindingText(deps.vault, binding)) {
    return { kind: 'failed', why: 'other_request' }
  }
  if (data.expires_at * 1000 <= nowMs) return { kind: 'failed', why: 'expired' }
  return result.verified ? { kind: 'passed', nonce } : { kind: 'failed', why: 'wrong' }
}

function decode(text: string): unknown {
  if (text.length > PAYLOAD_MAX) return undefined
  try {
    return JSON.parse(atob(text))
  } catch {
    return undefined
  }
}
