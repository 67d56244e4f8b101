import { type Reason, SAMPLED_REASON } from '../domain/decision.ts'
import type { Verdict } from './decide.ts'
import { shortHash } from './short-hash.ts'

const HASH_BYTES = 6

const SAMPLED: Reason = {
  code: SAMPLED_REASON,
  detail:
    'Nothing spoke against the request; it is one of the few that are challenged to learn what traffic is like.',
}

/** A number from 0 up to 1 that belongs to an id: ids are made by chance that nobody outside can see, and a replay makes the same ones. */
const lotOf = (id: string): number =>
  Number.parseInt(shortHash(id, HASH_BYTES), 16) / 256 ** HASH_BYTES

/**
 * Challenges a small share of what would be allowed because nothing was found. What an allow rule lets through stays as it is, and so does
 * everything where the service merely records. Pure: the same id draws the same lot.
 */
export function withSample(
  verdict: Verdict,
  { id, share }: { readonly id: string; readonly share: number },
): Verdict {
  if (verdict.outcome !== 'allow' || verdict.policyOutcome !== 'allow') return verdict
  if (share === 0 || verdict.hits.some(isAllowed) || lotOf(id) >= share) return verdict
  return { ...verdict, outcome: 'challenge', policyOutcome: 'challenge', reasons: [SAMPLED] }
}

const isAllowed = ({ action, mode }: Verdict['hits'][number]): boolean =>
  action === 'allow' && mode === 'enforce'
