import type { Context } from 'hono'
import { PROBLEMS, Problem, type ProblemCode } from '../../domain/problems.ts'
import type { StoredAnswer } from '../../tenancy/idempotency.ts'
import type { ApiEnv } from '../env.ts'
import { PROBLEM_TYPE, problemBody, toProblem } from '../problem-response.ts'

const KEY_SHAPE = /^[\x21-\x7e]{1,255}$/

/** Refusals that are results: something was stored, and a retry must not store it again. */
const KEPT: ReadonlySet<ProblemCode> = new Set(['blocked', 'challenge_required'])

/** The key of this request, if it has one. Throws `invalid_request` for one that is no 1 to 255 visible ASCII characters. */
export function idempotencyKeyOf(c: Context<ApiEnv>): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || KEY_SHAPE.test(key)) return key
  const detail = 'must be 1 to 255 visible ASCII characters'
  throw new Problem('invalid_request', {
    detail: `Idempotency-Key ${detail}`,
    errors: [{ pointer: 'header:Idempotency-Key', detail }],
  })
}

export type KeyedRequest = { readonly key: string; readonly hash: string }

/** Tells requests apart without keeping them. */
export const requestHash = (c: Context<ApiEnv>, text: string): string =>
  c.var.services.house.vault.digest('lookup', `${c.req.method} ${c.req.path}\n${text}`)

/** The same for every try of one request with one key, for what must not be made twice even where the first answer was lost. */
export const onceOf = (c: Context<ApiEnv>, { key, hash }: KeyedRequest): string =>
  c.var.services.house.vault.digest('lookup', `${key}\n${hash}`)

/**
 * Runs `answer` once for this key and gives its first answer again, byte for byte, to whoever repeats the request.
 * What made nothing is not kept: our own failures, limits, missing money and mistakes leave the key free for a retry.
 */
export async function answerOnce(
  c: Context<ApiEnv>,
  request: KeyedRequest,
  answer: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { house } = c.var.services
  const { accountId } = c.var.key
  const { key, hash } = request
  const begun = await house.idempotency.begin(accountId, key, hash, house.platform.nowMs())
  if (begun.kind === 'conflict') throw new Problem('idempotency_conflict')
  if (begun.kind === 'in_flight') throw new Problem('idempotency_in_flight')
  if (begun.kind === 'again') {
    c.set('replayed', true)
    c.header('idempotent-replayed', 'true')
    return begun.answer
  }
  return keepFirst(c, key, answer)
}

async function keepFirst(
  c: Context<ApiEnv>,
  key: string,
  answer: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { idempotency } = c.var.services.house
  const { accountId } = c.var.key
  try {
    const first = await answerOrRefusal(c, answer)
    await keep(c, key, first)
    return first
  } catch (error) {
    await idempotency.abandon(accountId, key)
    throw error
  }
}

/** The work is done whether or not its answer could be kept; losing the answer as well would only invite a second send. */
async function keep(c: Context<ApiEnv>, key: string, first: StoredAnswer): Promise<void> {
  const { idempotency, platform } = c.var.services.house
  try {
    await idempotency.finish(c.var.key.accountId, key, first)
  } catch {
    platform.log.error('idempotency.not_kept', { request_id: c.var.requestId })
  }
}

async function answerOrRefusal(
  c: Context<ApiEnv>,
  answer: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  try {
    return await answer()
  } catch (error) {
    const problem = toProblem(error)
    if (!KEPT.has(problem.code)) throw error
    return {
      status: PROBLEMS[problem.code].status,
      body: problemBody(problem, c.var.requestId),
      contentType: PROBLEM_TYPE,
    }
  }
}
