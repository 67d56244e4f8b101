import * as z from 'zod'
import { RANGE_KINDS } from '../../../risk/ranges/watch.ts'
import { countParameter, cursorParameter, idText, instant, nextCursor } from './texts.ts'

const share = z.number().min(0).max(1)

const evidence = z
  .strictObject({
    suspicion: share.meta({ description: 'Part of the sends that nobody waited for.' }),
    surge: z.number().meta({
      description: 'Requests above twice the ordinary number, in deviations.',
    }),
    excess: z.number().meta({ description: 'Unanswered codes above the expected, in deviations.' }),
    requests: z.number().meta({ description: 'Of a day, older ones counting less.' }),
    outcomes: z.number().meta({ description: 'Codes of a day that were answered or timed out.' }),
    unanswered: z.number(),
  })
  .meta({ description: 'What spoke against the range when it was closed.' })

export const rangeBlockAnswer = z
  .strictObject({
    id: idText('RB'),
    kind: z.enum(RANGE_KINDS).meta({
      description: 'range2, range3, range4: numbers without their last 2, 3 or 4 digits.',
    }),
    range: z.string().meta({ example: '+99450123' }),
    state: z.enum(['blocked', 'probing']),
    since: instant,
    until: instant,
    repeats: z.int().meta({ description: 'How often it closed again after it had been tried.' }),
    evidence,
  })
  .meta({ id: 'RangeBlock' })

export const rangeBlockPage = z
  .strictObject({ range_blocks: z.array(rangeBlockAnswer), next_cursor: nextCursor })
  .meta({ id: 'RangeBlockPage' })

export const rangeBlockQuery = z.strictObject({
  cursor: cursorParameter('RB').optional(),
  limit: countParameter(100, 20),
})

export const rangeBlockParams = z.strictObject({ id: idText('RB') })
