import * as z from 'zod'
import {
  BATCH_KINDS,
  BATCH_STATUSES,
  MESSAGE_REFUSALS,
  MESSAGE_STATUSES,
} from '../../../domain/batch.ts'
import { SEND_ERROR_KINDS } from '../../../domain/send-error.ts'
import { localeField } from '../../../tenancy/message-settings.ts'
import {
  countParameter,
  currencyText,
  cursorParameter,
  idText,
  instant,
  instantInput,
  line,
  moneyMicros,
  nextCursor,
} from './texts.ts'

export const MESSAGES_MAX = 1_000
const VARIABLES_MAX = 20

const kind = z.enum(BATCH_KINDS).meta({
  description:
    'notice: news of something of their own; bulk: advertising. Prices, packages, queues and caps go by it.',
})
const template = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'One of `message_templates` of the service.', example: 'order_shipped' })

const givenMessage = z.strictObject({
  to: z.string().min(1).max(40).meta({ description: 'E.164.', example: '+447400123456' }),
  variables: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'is no name of a variable'), line(200))
    .refine((values) => Object.keys(values).length <= VARIABLES_MAX, {
      error: `has at most ${VARIABLES_MAX} members`,
    })
    .default({})
    .meta({ description: 'Every variable of the template and no other.' }),
  reference: line(64).optional().meta({ description: 'Your own name of the message.' }),
})

export const createBatchBody = z
  .strictObject({
    service: idText('VA').optional().meta({ description: 'Absent: the default one.' }),
    kind,
    template,
    locale: localeField.optional().meta({ description: 'Absent: that of the service.' }),
    reference: line(128)
      .optional()
      .meta({ description: 'Your own name of the batch; it is taken once.' }),
    send_at: instantInput.optional().meta({
      description: 'Nothing leaves before it. Within 30 days; absent or past: at once.',
    }),
    expires_at: instantInput.optional().meta({
      description: 'Nothing leaves after it. Within 3 days of `send_at`; absent: a day after it.',
    }),
    messages: z.array(givenMessage).min(1).max(MESSAGES_MAX),
  })
  .meta({
    id: 'CreateBatch',
    example: {
      kind: 'notice',
      template: 'order_shipped',
      messages: [{ to: '+447400123456', variables: { order_no: 'A-17' }, reference: 'order-17' }],
    },
  })

const count = z.int().min(0)
const counts = z
  .strictObject(
    Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, count])) as Record<
      (typeof MESSAGE_STATUSES)[number],
      typeof count
    >,
  )
  .meta({
    id: 'BatchCounts',
    description:
      'refused and test were never sent and cost nothing; canceled had not left when the batch was.',
  })

export const batchAnswer = z
  .strictObject({
    id: idText('BA'),
    service: idText('VA'),
    kind,
    template: z.string(),
    locale: z.string(),
    reference: z.string().optional(),
    status: z.enum(BATCH_STATUSES).meta({
      description: 'scheduled: before its `send_at`; finished: every message has ended.',
    }),
    messages: count,
    counts,
    price_micros: moneyMicros.meta({
      description: 'Of all messages that were taken, at list price, whoever pays them.',
    }),
    held_micros: moneyMicros.meta({ description: 'Set aside from the balance now.' }),
    held_segments: count.meta({ description: 'Set aside of packages now.' }),
    settled_micros: moneyMicros.meta({ description: 'Paid by the balance so far.' }),
    settled_segments: count.meta({ description: 'Paid by packages so far.' }),
    currency: currencyText,
    created_at: instant,
    send_at: instant,
    expires_at: instant,
    canceled_at: instant.optional(),
    finished_at: instant.optional().meta({
      description: 'When its last message had ended, of a canceled one too.',
    }),
  })
  .meta({ id: 'Batch' })

export const batchParams = z.strictObject({ id: idText('BA') })

export const batchQuery = z.strictObject({
  cursor: cursorParameter('BA').optional(),
  limit: countParameter(100, 20),
})

export const batchPage = z
  .strictObject({ batches: z.array(batchAnswer), next_cursor: nextCursor })
  .meta({ id: 'BatchPage' })

const batchMessage = z
  .strictObject({
    id: idText('VL'),
    to: z.string().meta({ description: 'Masked.', example: '+447******456' }),
    reference: z.string().optional(),
    status: z.enum(MESSAGE_STATUSES),
    reason: z.enum(MESSAGE_REFUSALS).optional().meta({ description: 'Of a refused one.' }),
    error: z
      .strictObject({
        kind: z.enum(SEND_ERROR_KINDS),
        code: z.string().meta({ description: "The provider's own, else ours." }),
        text: z.string().optional(),
      })
      .optional(),
    country: z.string().meta({ example: 'GB' }),
    segments: count,
    price_micros: moneyMicros,
    ended_at: instant.optional(),
  })
  .meta({ id: 'BatchMessage' })

export const messageQuery = z.strictObject({
  status: z.enum(MESSAGE_STATUSES).optional(),
  cursor: cursorParameter('VL').optional(),
  limit: countParameter(100, 20),
})

export const messagePage = z
  .strictObject({ messages: z.array(batchMessage), next_cursor: nextCursor })
  .meta({ id: 'BatchMessagePage' })
