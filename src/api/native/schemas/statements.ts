import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { MESSAGE_KINDS } from '../../../domain/message-kind.ts'
import { currencyText, idText, instant, moneyMicros } from './texts.ts'

export const statementParams = z.strictObject({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .meta({ description: 'A calendar month in UTC.', example: '2026-07' }),
})

const balance = z.strictObject({ available_micros: moneyMicros, held_micros: moneyMicros })
const day = z.iso.date()

const counted = {
  sends: z.int().meta({ description: 'Billed to the balance or to packages.' }),
  unbilled: z.int().meta({ description: 'Given back: they failed or were not delivered.' }),
  delivered: z.int(),
  delivered_share: z.number().optional().meta({ description: 'Of those billed and unbilled.' }),
  segments: z.int().meta({ description: 'Billed.' }),
  package_segments: z.int().meta({ description: 'Of these by packages.' }),
  price_micros: moneyMicros.meta({ description: 'What the balance paid, before re-rating.' }),
  cost_micros: moneyMicros
    .optional()
    .meta({ description: "What providers charge in the account's currency. For admins." }),
  other_costs: z
    .array(z.strictObject({ currency: currencyText, cost_micros: moneyMicros }))
    .optional(),
  margin_micros: moneyMicros
    .optional()
    .meta({ description: 'Price less cost, where both are in one currency. For admins.' }),
}

const changes = z.strictObject({
  top_ups_micros: moneyMicros,
  sends_micros: moneyMicros,
  packages_micros: moneyMicros,
  rerating_micros: moneyMicros,
  adjustments_micros: moneyMicros,
  others_micros: moneyMicros,
})

const refusedCounts = {
  blocked: z.int(),
  challenged: z.int(),
  saved_micros: moneyMicros.meta({ description: 'What those that were not sent would have cost.' }),
}

export const statementAnswer = z
  .strictObject({
    account: idText('AC'),
    name: z.string(),
    month: z.string(),
    currency: currencyText,
    complete: z.boolean().meta({ description: 'False while the month is running.' }),
    opening: balance,
    changes,
    closing: balance,
    difference_micros: moneyMicros.meta({
      description: 'Between opening with all changes and closing: 0, or the books are broken.',
    }),
    total: z.strictObject(counted),
    lines: z.array(
      z.strictObject({
        day,
        country: z.string(),
        kind: z.enum(MESSAGE_KINDS),
        channel: z.enum(CHANNELS),
        provider: z.string().optional(),
        ...counted,
      }),
    ),
    refused: z.strictObject({
      ...refusedCounts,
      lines: z.array(z.strictObject({ day, country: z.string(), ...refusedCounts })),
    }),
    packages: z.strictObject({
      granted_segments: z.int(),
      used_segments: z.int(),
      lapsed_segments: z.int(),
      used: z.array(z.strictObject({ id: idText('PK'), reference: z.string(), segments: z.int() })),
    }),
    bookings: z
      .array(
        z.strictObject({
          at: instant,
          posting: z.string().meta({ example: 'topup' }),
          reference: z.string(),
          amount_micros: moneyMicros,
          note: z.string().optional(),
          send: idText('VL').optional(),
        }),
      )
      .meta({ description: 'What no message stands behind; the first thousand.' }),
  })
  .meta({ id: 'Statement' })
