import * as z from 'zod'
import { BUDGET_KINDS, BUDGET_PERIODS } from '../../../domain/budget.ts'
import { CHANNELS } from '../../../domain/channel.ts'
import { SEND_STATUSES } from '../../../domain/send.ts'
import { EVENT_TYPES, type EventType, TEST_EVENT_TYPE } from '../../../webhooks/event-types.ts'
import { batchAnswer } from './batches.ts'
import { rangeBlockAnswer } from './range-blocks.ts'
import { sendErrorAnswer } from './send-error.ts'
import { currencyText, idText, instant, moneyMicros } from './texts.ts'
import { verificationAnswer } from './verifications.ts'

const verification = z.union([
  verificationAnswer,
  z.strictObject({ id: idText('VE') }).meta({ description: 'All that is left of an erased one.' }),
])

export const messageData = z
  .strictObject({
    id: idText('VL'),
    status: z.enum(SEND_STATUSES),
    verification: idText('VE').optional(),
    batch: idText('BA').optional().meta({ description: 'In place of the verification.' }),
    reference: z.string().optional().meta({ description: 'Of a message of a batch.' }),
    service: idText('VA'),
    to: z.string().optional().meta({ description: 'Masked.', example: '+447******456' }),
    channel: z.enum(CHANNELS),
    segments: z.int().optional(),
    error: sendErrorAnswer.optional(),
    created_at: instant,
  })
  .meta({ id: 'MessageEventData' })

export const budgetData = z
  .strictObject({
    budget: idText('BG')
      .optional()
      .meta({ description: 'Absent for the two in the settings of a service.' }),
    service: idText('VA').optional(),
    country: z.string().optional(),
    period: z.enum(BUDGET_PERIODS),
    kind: z.enum(BUDGET_KINDS),
    level: z.enum(['soft', 'hard']).meta({
      description:
        'soft: an alert was reached, sends go on; hard: a send was refused. Each is told once a period.',
    }),
    share: z.number().optional().meta({ description: 'The alert that was reached.' }),
    limit_micros: moneyMicros.optional(),
    limit_sends: z.int().optional(),
    used_micros: moneyMicros.optional(),
    used_sends: z.int().optional(),
    currency: currencyText.optional(),
    ends_at: instant.meta({ description: 'When the budget starts anew.' }),
  })
  .meta({ id: 'BudgetEventData' })

const test = z.strictObject({ webhook: idText('WH') })

function dataFor(type: EventType): z.ZodType {
  if (type.startsWith('verification.')) return verification
  if (type.startsWith('message.')) return messageData
  if (type === 'batch.finished') return batchAnswer
  if (type === 'fraud.range_blocked') return rangeBlockAnswer
  return type === 'budget.reached' ? budgetData : test
}

/** The body of an event: what Standard Webhooks recommends, with the event's id, which is also that of every try. */
export const eventSchema = (type: EventType) =>
  z.strictObject({
    id: idText('EV'),
    type: z.literal(type),
    timestamp: instant.meta({ description: 'When it happened.' }),
    data: dataFor(type),
  })

export const DESCRIBED_TYPES: readonly EventType[] = [...EVENT_TYPES, TEST_EVENT_TYPE]
