import * as z from 'zod'
import { EVENT_PATTERNS, EVENT_TYPES, TEST_EVENT_TYPE } from '../../../webhooks/event-types.ts'
import { DELIVERY_STATUSES } from '../../../webhooks/stores.ts'
import {
  countParameter,
  cursorParameter,
  idText,
  instant,
  instantInput,
  line,
  nextCursor,
} from './texts.ts'

const OVERLAP_SECONDS = 86_400
const OVERLAP_SECONDS_MAX = 7 * OVERLAP_SECONDS

const url = line(2048).meta({
  description: 'https, port 443 or one above 1023, on a public address.',
  example: 'https://example.com/tollgate',
})
const types = z
  .array(z.enum(EVENT_PATTERNS))
  .min(1)
  .max(EVENT_PATTERNS.length)
  .refine((items) => new Set(items).size === items.length, 'names a type twice')
  .meta({
    description: 'Types, groups such as `message.*`, or `*`; a group takes in what is added later.',
    example: ['verification.approved', 'message.*'],
  })
const description = line(200)

export const createWebhookBody = z
  .strictObject({
    url,
    types,
    description: description.optional(),
    enabled: z.boolean().default(true),
  })
  .meta({
    id: 'CreateWebhook',
    example: { url: 'https://example.com/tollgate', types: ['verification.approved', 'message.*'] },
  })

export const updateWebhookBody = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    description: description.nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .meta({
    id: 'UpdateWebhook',
    description: 'What is absent stays as it is; null takes the description away.',
    example: { enabled: true },
  })

export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(OVERLAP_SECONDS_MAX)
      .default(OVERLAP_SECONDS)
      .meta({ description: 'How long everything is signed with the old secret as well.' }),
  })
  .meta({ id: 'RotateSecret', example: { overlap_seconds: 3600 } })

const webhookShape = {
  id: idText('WH'),
  url: z.string(),
  types: z.array(z.enum(EVENT_PATTERNS)),
  description: z.string().optional(),
  enabled: z.boolean(),
  disabled: z
    .strictObject({ reason: z.enum(['asked', 'gone', 'failing']), at: instant })
    .optional()
    .meta({
      description:
        'asked: by you; gone: the receiver answered 410; failing: nothing arrived for five days.',
    }),
  failing_since: instant.optional().meta({ description: 'First failure since anything arrived.' }),
  old_secret_until: instant.optional(),
  created_at: instant,
  updated_at: instant,
}
export const webhookAnswer = z.strictObject(webhookShape).meta({ id: 'Webhook' })

export const webhookSecretAnswer = z
  .strictObject({
    ...webhookShape,
    secret: z.string().meta({
      description: 'For the signature of Standard Webhooks. Shown this once.',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }),
  })
  .meta({ id: 'WebhookWithSecret' })

export const webhooksAnswer = z
  .strictObject({ webhooks: z.array(webhookAnswer) })
  .meta({ id: 'Webhooks' })

const attempt = z.strictObject({
  at: instant,
  ms: z.int().min(0).meta({ description: 'How long the answer took.' }),
  status: z.int().optional().meta({ description: 'HTTP status; absent where nothing answered.' }),
  answer: z.string().optional().meta({ description: 'The first 1,024 bytes of the body.' }),
  error: z.string().optional().meta({
    description:
      'Why it does not count: `not_2xx`, `redirected`, `timeout`, `target_refused`, `internal` (our fault), or what the connection failed of.',
    example: 'timeout',
  }),
})

export const deliveryAnswer = z
  .strictObject({
    event: idText('EV'),
    type: z.enum([...EVENT_TYPES, TEST_EVENT_TYPE]),
    status: z.enum(DELIVERY_STATUSES).meta({
      description:
        'pending: to be tried; delivered: answered with 2xx; failed: given up; skipped: the webhook was disabled.',
    }),
    created_at: instant.meta({ description: 'When it happened.' }),
    next_try_at: instant.optional(),
    attempts: z.array(attempt),
  })
  .meta({ id: 'Delivery' })

export const deliveryPage = z
  .strictObject({ deliveries: z.array(deliveryAnswer), next_cursor: nextCursor })
  .meta({ id: 'DeliveryPage' })

export const deliveryQuery = z.strictObject({
  status: z.enum(DELIVERY_STATUSES).optional(),
  cursor: cursorParameter('EV').optional(),
  limit: countParameter(100, 20),
})

export const replayBody = z
  .strictObject({
    from: instantInput.meta({ description: 'Events that happened at or after this instant.' }),
    to: instantInput.optional().meta({ description: 'And before this one; up to now if absent.' }),
    delivered: z
      .boolean()
      .default(false)
      .meta({ description: 'Also those that arrived; else only what failed or was skipped.' }),
  })
  .meta({ id: 'ReplayWindow', example: { from: '2026-03-01T12:00:00Z' } })

export const replayAnswer = z.strictObject({ replayed: z.int().min(0) }).meta({ id: 'Replayed' })

export const testEventAnswer = z.strictObject({ event: idText('EV') }).meta({ id: 'TestEvent' })

export const webhookParams = z.strictObject({ id: idText('WH') })
export const deliveryParams = z.strictObject({ id: idText('WH'), event: idText('EV') })
