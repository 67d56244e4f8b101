import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { MESSAGE_KINDS } from '../../../domain/message-kind.ts'
import { idText } from './texts.ts'

const share = z.number().min(0).max(1)
const milliseconds = z.number().nullable()

export const routesExplainQuery = z.strictObject({
  to: z
    .string()
    .min(1)
    .max(40)
    // A plus sign that was not percent-encoded arrives as a space.
    .overwrite((text) => text.replace(/^ /, '+'))
    .meta({ example: '+447700900123' }),
  channel: z.enum(CHANNELS).default('sms'),
  kind: z.enum(MESSAGE_KINDS).default('otp'),
  service: idText('VA').optional(),
})

const candidate = z
  .strictObject({
    provider: z.string(),
    verdict: z.enum(['healthy', 'worse', 'used_before', 'paused']).meta({
      description:
        'worse: known to lose more messages than the best; paused: it failed several times in a row.',
    }),
    cost_micros: z.int().min(0).meta({ description: 'Of one unit, in `routing.currency`.' }),
    quality: share.meta({
      description: 'Share of messages that are accepted, arrive, and are answered as usual.',
    }),
    quality_at_best: share.meta({
      description: 'What the share may be, with nine chances in ten.',
    }),
    accepted: share,
    delivered: share,
    converted: share.meta({
      description: 'Codes typed in, against all providers of the country; 1 is as usual.',
    }),
    seen: z.number().min(0).meta({
      description: 'Receipts that the delivered share stands on, older ones counting less.',
    }),
    answer_ms: milliseconds,
    arrival_ms: milliseconds,
    rate_per_second: z.number().positive().nullable().meta({
      description: 'Messages a second that this process sends by it at most; null: no limit.',
    }),
    room_in_ms: z.int().min(0).meta({
      description: 'When that limit has room for another code; 0: at once.',
    }),
  })
  .meta({ id: 'RouteCandidate' })

export const routesExplainAnswer = z
  .strictObject({
    country: z.string().meta({ example: 'GB' }),
    carrier: z.string().nullable(),
    route: z.int().nullable().meta({ description: 'Its place in routes.yaml, from 1.' }),
    order: z.enum(['ranked', 'listed']),
    fallbacks: z.array(z.enum(CHANNELS)).meta({
      description: 'Channels that take over, in their order, where the service allows it.',
    }),
    candidates: z.array(candidate),
    left_out: z.array(
      z.strictObject({
        provider: z.string(),
        why: z.enum(['channel', 'country', 'sender', 'locale']),
      }),
    ),
  })
  .meta({ id: 'RouteExplanation' })
