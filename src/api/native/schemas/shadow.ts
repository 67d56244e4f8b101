import * as z from 'zod'
import { OUTCOMES } from '../../../domain/decision.ts'
import { SHADOW_KINDS } from '../../../risk/shadow.ts'
import { currencyText, instant, instantInput, moneyMicros } from './texts.ts'

export const shadowQuery = z.strictObject({
  from: instantInput
    .optional()
    .meta({ description: 'Whole hours; 24 hours before `to` if absent.' }),
  to: instantInput.optional().meta({ description: 'Now if absent.' }),
})

const shadowRow = z
  .strictObject({
    kind: z.enum(SHADOW_KINDS),
    name: z.string().meta({ description: 'A rule’s id, or the versions of rules and model.' }),
    would: z.enum([...OUTCOMES, 'adjust', 'pardon']),
    hits: z.int(),
    sent: z.int().meta({
      description: 'Of the hits, those that were sent: what enforcing would have changed.',
    }),
    verified: z.int(),
    reported: z.int().meta({ description: 'Named by a fraud report.' }),
    stopped_micros: moneyMicros.meta({ description: 'Price of the sends it would have stopped.' }),
    good_micros: moneyMicros.meta({
      description: 'Of that, the part whose code came back and that nobody reported.',
    }),
  })
  .meta({ id: 'ShadowRow' })

export const shadowAnswer = z
  .strictObject({
    from: instant,
    to: instant,
    currency: currencyText,
    challenger: z
      .string()
      .nullable()
      .meta({ description: 'What is on trial now: versions of its rules and model.' }),
    rows: z.array(shadowRow).meta({ description: 'Most hits first.' }),
  })
  .meta({ id: 'ShadowReport' })
