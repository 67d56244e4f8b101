import type * as z from 'zod'
import type { DeadLetter } from '../../../channels/dead-letter-store.ts'
import { maskPhone } from '../../../domain/phone.ts'
import { sendError } from '../../../domain/send-error.ts'
import { obstacleTo } from '../../../flows/requeue-send.ts'
import type { deadLetterPage } from '../schemas/dead-letters.ts'
import { instantOf } from '../schemas/texts.ts'
import { toSendErrorAnswer } from './send-error.ts'

type Answer = z.input<typeof deadLetterPage>['dead_letters'][number]

const NOT_TOLD = sendError('unknown', 'unknown')

export function toDeadLetterAnswer(letter: DeadLetter, nowMs: number): Answer {
  return {
    id: letter.id,
    ...(letter.verificationId === undefined
      ? { batch: letter.batchId }
      : { verification: letter.verificationId }),
    service: letter.serviceId,
    to: maskPhone(letter.phone),
    channel: letter.channel,
    country: letter.rate.country,
    reason: letter.reason,
    error: toSendErrorAnswer(letter.outcome.error ?? NOT_TOLD),
    attempts: letter.tried.map(({ providerId, atMs, ...tried }) => ({
      provider: providerId,
      kind: tried.kind,
      code: tried.code,
      at: instantOf(atMs),
    })),
    created_at: instantOf(letter.createdAtMs),
    ended_at: instantOf(letter.endedAtMs),
    expires_at: instantOf(letter.expiresAtMs),
    requeueable: obstacleTo(letter, nowMs) === undefined,
  }
}
