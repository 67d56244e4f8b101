import type * as z from 'zod'
import { assert } from '../../../domain/assert.ts'
import type { RangeBlock } from '../../../risk/ranges/blocks.ts'
import type { rangeBlockAnswer } from '../schemas/range-blocks.ts'
import { instantOf } from '../schemas/texts.ts'

type Shown = Pick<
  RangeBlock,
  'id' | 'kind' | 'range' | 'state' | 'sinceMs' | 'untilMs' | 'repeats' | 'evidence'
>

export function toRangeBlockAnswer(block: Shown): z.input<typeof rangeBlockAnswer> {
  const { suspicion, surge, excess, asksDay, outcomes, unanswered } = block.evidence
  assert(block.state !== 'open', 'open ranges are not listed')
  return {
    id: block.id,
    kind: block.kind,
    range: block.range,
    state: block.state,
    since: instantOf(block.sinceMs),
    until: instantOf(block.untilMs),
    repeats: block.repeats,
    evidence: { suspicion, surge, excess, requests: asksDay, outcomes, unanswered },
  }
}
