import * as z from 'zod'
import { type Micros, times } from '../../../domain/money.ts'
import type { RefusedReason, SendResult } from '../../../domain/send.ts'
import { discard, jsonOf, readText } from '../../bounded-body.ts'
import { PROVIDER_MESSAGE_ID } from './message-id.ts'

const ANSWER_BYTES_MAX = 64 * 1024
const SEGMENTS_MAX = 255

const acceptedSchema = z.object({
  id: z.union([PROVIDER_MESSAGE_ID, z.int().transform(String)]),
  /** A count that makes no sense does not undo the acceptance; ours is taken instead. */
  segments: z.int().min(1).max(SEGMENTS_MAX).optional().catch(undefined),
})
const refusedSchema = z.object({ reason: z.enum(['number', 'content', 'credentials', 'balance']) })

/** What a refusing status means when the body does not say it better. */
const REASON_OF_STATUS: Readonly<Record<number, RefusedReason>> = {
  401: 'credentials',
  402: 'balance',
  403: 'credentials',
  407: 'credentials',
  422: 'number',
}

/** What an answer is read against: our own count and price of a segment, and the send's deadline. */
export type AnswerTerms = {
  readonly segments: number
  readonly segmentCost: Micros
  readonly signal: AbortSignal
}

/**
 * Reads an HTTP answer. A 2xx that cannot be read is `unknown`: the message was probably taken. A redirect is not
 * followed and carries nothing, so it is `failed`, as are 429 and 5xx.
 */
export async function readAnswer(response: Response, terms: AnswerTerms): Promise<SendResult> {
  if (response.ok) return readAccepted(response, terms)
  const upstreamCode = response.type === 'opaqueredirect' ? 'redirect' : `http_${response.status}`
  const { status } = response
  if (status >= 400 && status < 500 && status !== 429) {
    return { kind: 'refused', reason: await reasonOf(response, terms.signal), upstreamCode }
  }
  discard(response.body)
  return { kind: 'failed', upstreamCode }
}

async function readAccepted(response: Response, terms: AnswerTerms): Promise<SendResult> {
  const answer = await read(response, terms.signal)
  if (answer === 'broken') return { kind: 'unknown', upstreamCode: 'broken_answer' }
  const parsed = acceptedSchema.safeParse(answer.json)
  if (!parsed.success) return { kind: 'unknown', upstreamCode: 'unreadable_answer' }
  const { id, segments = terms.segments } = parsed.data
  const cost = times(terms.segmentCost, segments)
  return { kind: 'accepted', providerMessageId: id, segments, cost }
}

async function reasonOf(response: Response, signal: AbortSignal): Promise<RefusedReason> {
  const answer = await read(response, signal)
  const parsed = refusedSchema.safeParse(answer === 'broken' ? undefined : answer.json)
  return parsed.success ? parsed.data.reason : (REASON_OF_STATUS[response.status] ?? 'other')
}

/** `broken`: the stream ended before the body did, or the deadline came first. */
async function read(
  response: Response,
  signal: AbortSignal,
): Promise<{ readonly json: unknown } | 'broken'> {
  try {
    return { json: jsonOf(await readText(response.body, ANSWER_BYTES_MAX, signal)) }
  } catch {
    return 'broken'
  }
}
