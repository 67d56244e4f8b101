import type * as z from 'zod'
import type { DeadLetter } from '../../../channels/dead-letter-store.ts'
import { maskPhone } from '../../../domain/phone.ts'
import { obstacleTo } from '../../../flows/requeue-send.ts'
import type { deadLetterPage } from '../schemas/dead-letters.ts'
import { instantOf } from '../schemas/texts.ts'

type Answer = z.input<typeof deadLetterPage>['dead_letters'][number]

export function toDeadLetterAnswer(letter: DeadLetter, nowMs: number): Answer {
  const { kind = 'unknown', code = 'unknown', text } = letter.outcome.error ?? {}
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
    error: { kind, code, ...(text === undefined ? {} : { text }) },
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
