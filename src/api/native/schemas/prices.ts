import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { MESSAGE_KINDS } from '../../../domain/message-kind.ts'
import { BILL_ON, MARKETS } from '../../../domain/rate.ts'
import { countryText, currencyText, moneyMicros } from './texts.ts'

export const pricesQuery = z.strictObject({
  country: countryText.optional(),
  channel: z.enum(CHANNELS).optional(),
})

export const pricesAnswer = z
  .strictObject({
    currency: currencyText,
    prices: z.array(
      z
        .strictObject({
          channel: z.enum(CHANNELS),
          market: z.enum(MARKETS),
          country: z.string().meta({ description: '* is every other country.', example: 'GB' }),
          kind: z.enum(MESSAGE_KINDS).optional(),
          price_micros: moneyMicros.meta({
            description: 'Of one segment of a text, one call or one message.',
          }),
          bill_on: z.enum(BILL_ON),
          tier_from: z.int().meta({
            description: 'Segments in a month from which on the whole month has this price.',
          }),
          own: z.boolean().meta({ description: 'Agreed with this account; beats the list.' }),
          from: z.iso.date().optional(),
          until: z.iso.date().optional().meta({ description: 'The first day without it (UTC).' }),
        })
        .meta({ id: 'Price' }),
    ),
  })
  .meta({ id: 'Prices' })
