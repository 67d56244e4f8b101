import * as z from 'zod'
import { UNSENT_REASONS } from '../../../channels/outbox-store.ts'
import { CHANNELS } from '../../../domain/channel.ts'
import { errorKind, sendErrorAnswer } from './send-error.ts'
import {
  countParameter,
  cursorParameter,
  idText,
  instant,
  instantInput,
  nextCursor,
  phoneParameter,
} from './texts.ts'

const reason = z.enum(UNSENT_REASONS).meta({
  description:
    'no_route: nobody carries it there; no_room: its turn by rate_per_second would have come too late; refused: everybody who was asked refused it; exhausted: nobody took it in any round; expired: its code ran out in the outbox.',
})

const attempt = z
  .strictObject({
    provider: z.string(),
    kind: errorKind,
    code: z.string().meta({ description: "The provider's own, else ours.", example: '30007' }),
    at: instant,
  })
  .meta({ id: 'FailedAttempt' })

const deadLetter = z
  .strictObject({
    id: idText('VL'),
    verification: idText('VE').optional(),
    batch: idText('BA').optional().meta({ description: 'In place of the verification.' }),
    service: idText('VA'),
    to: z.string().meta({ description: 'Masked.', example: '+447******456' }),
    channel: z.enum(CHANNELS),
    country: z.string().meta({ example: 'GB' }),
    reason,
    error: sendErrorAnswer,
    attempts: z.array(attempt),
    created_at: instant,
    ended_at: instant,
    expires_at: instant.meta({ description: 'Of its code, or of its batch.' }),
    requeueable: z.boolean().meta({
      description:
        'Its code lives, no other message took its place, and the verification has sends left. Never of a batch.',
    }),
  })
  .meta({ id: 'DeadLetter' })

export const deadLetterPage = z
  .strictObject({ dead_letters: z.array(deadLetter), next_cursor: nextCursor })
  .meta({ id: 'DeadLetterPage' })

export const deadLetterQuery = z.strictObject({
  to: phoneParameter.optional(),
  service: idText('VA').optional(),
  reason: reason.optional(),
  from: instantInput.optional().meta({ description: 'Ended at or after this instant.' }),
  to_time: instantInput.optional().meta({ description: 'Ended before this instant.' }),
  cursor: cursorParameter('VL').optional(),
  limit: countParameter(100, 20),
})

export const deadLetterParams = z.strictObject({ id: idText('VL') })

export const requeueAnswer = z
  .strictObject({
    id: idText('VL').meta({ description: 'Of the new message.' }),
    verification: idText('VE'),
    requeued: idText('VL').meta({ description: 'Of the one whose place it takes.' }),
  })
  .meta({ id: 'RequeuedSend' })
