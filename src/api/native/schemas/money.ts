import * as z from 'zod'
import {
  countParameter,
  currencyText,
  cursorParameter,
  idText,
  instant,
  line,
  moneyMicros,
  nextCursor,
} from './texts.ts'

/** Ten million units in one payment. */
const TOP_UP_MICROS_MAX = 10_000_000_000_000

export const balanceAnswer = z
  .strictObject({
    currency: currencyText,
    available_micros: moneyMicros.meta({ description: 'Free to spend.' }),
    held_micros: moneyMicros.meta({ description: 'Set aside for sends that are not settled.' }),
    spent_micros: moneyMicros.meta({ description: 'Spent so far.' }),
  })
  .meta({ id: 'Balance' })

export const topUpBody = z
  .strictObject({
    amount_micros: z.int().min(1).max(TOP_UP_MICROS_MAX),
    currency: currencyText,
    reference: line(128).meta({ description: 'Your name of this payment; it is booked once.' }),
  })
  .meta({
    id: 'TopUp',
    example: { amount_micros: 100_000_000, currency: 'USD', reference: 'INV-2026-118' },
  })

export const topUpAnswer = z
  .strictObject({
    reference: z.string(),
    amount_micros: moneyMicros,
    currency: currencyText,
    balance: balanceAnswer,
  })
  .meta({ id: 'TopUpAnswer' })

export const adjustmentBody = z
  .strictObject({
    amount_micros: z
      .int()
      .min(-TOP_UP_MICROS_MAX)
      .max(TOP_UP_MICROS_MAX)
      .refine((amount) => amount !== 0, 'must not be 0')
      .meta({ description: 'Positive: back to the balance. Negative: charged to it.' }),
    currency: currencyText,
    reference: line(128).meta({ description: 'Your name of this correction; it is booked once.' }),
    reason: line(256).meta({ description: 'Kept with the entries.' }),
    send: idText('VL').optional().meta({ description: 'The send that it is about.' }),
  })
  .meta({
    id: 'Adjustment',
    example: {
      amount_micros: 40_000,
      currency: 'USD',
      reference: 'TICKET-812',
      reason: 'Never arrived',
    },
  })

export const adjustmentAnswer = z
  .strictObject({
    amount_micros: moneyMicros,
    currency: currencyText,
    reference: z.string(),
    reason: z.string(),
    send: idText('VL').optional(),
    balance: balanceAnswer,
  })
  .meta({ id: 'AdjustmentAnswer' })

export const ledgerQuery = z.strictObject({
  cursor: cursorParameter('LE').optional(),
  limit: countParameter(100, 20),
})

export const ledgerPage = z
  .strictObject({
    entries: z.array(
      z
        .strictObject({
          id: idText('LE'),
          posting: idText('LP').meta({
            description: 'Entries of one posting sum to zero in each currency.',
          }),
          account: z.string().meta({
            description:
              'Money: prepaid, held, revenue or cash. Segments: granted, package, reserved, used or lapsed.',
          }),
          amount_micros: moneyMicros,
          currency: currencyText.meta({ description: 'SEG: a million is a segment of a package.' }),
          at: instant,
          verification: idText('VE').optional(),
          send: idText('VL').optional(),
          note: z.string().optional(),
        })
        .meta({ id: 'LedgerEntry' }),
    ),
    next_cursor: nextCursor,
  })
  .meta({ id: 'LedgerPage' })
