import * as z from 'zod'
import { OUTCOMES } from '../../../domain/decision.ts'
import { idText, instant, moneyMicros } from './texts.ts'

const reasons = z.array(z.strictObject({ code: z.string(), detail: z.string() }))

const outcome = z.enum(OUTCOMES)
const score = z
  .number()
  .min(0)
  .max(1)
  .meta({ description: 'Calibrated probability of fraud.', example: 0.03 })

export const decisionSummary = z
  .strictObject({ id: idText('DE'), outcome, score, reasons })
  .meta({ id: 'DecisionSummary' })

const votingRule = {
  rule: z.string(),
  action: z.enum([...OUTCOMES, 'adjust', 'pardon']),
  mode: z.enum(['enforce', 'shadow']),
}

const ruleHit = z.strictObject({
  ...votingRule,
  vote: z.enum(['counted', 'adjusted', 'outweighed', 'taken_back', 'shadow']).meta({
    description:
      'counted: it asked for what was decided, or stood beside it as a witness; adjusted: it moved the score; outweighed: something stronger decided; taken_back: another rule pardoned its challenge; shadow: it is on trial and has no say.',
  }),
  reason: z.strictObject({ code: z.string(), detail: z.string() }),
  score_delta: z.number(),
  pardons: z
    .array(z.string())
    .optional()
    .meta({ description: 'Of action pardon: the rules whose challenges it takes back.' }),
})

const silentRule = z.strictObject({
  ...votingRule,
  vote: z.enum(['not_matched', 'out_of_scope', 'failed']).meta({
    description:
      'out_of_scope: it is not asked for this service, channel or purpose; failed: its condition could not be evaluated, the log tells why.',
  }),
  score_delta: z
    .number()
    .meta({ description: 'By how much it would have moved the score, had it matched.' }),
})

const silentRules = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('known'), rules: z.array(silentRule) }),
    z.strictObject({ kind: z.literal('none'), because: z.literal('test_number') }),
    z.strictObject({ kind: z.literal('unknown'), because: z.literal('rules_changed') }),
  ])
  .meta({
    id: 'SilentRules',
    description:
      'All other rules of the set that decided (`rules_version`), in the order of the file, also after the rules have changed; unknown: that set was never written down. Rules that are off belong to no set.',
  })

const featureValue = z.union([z.number(), z.string(), z.boolean()])
const unexplained = ['catalogue_changed', 'model_changed', 'rules_changed'] as const

const modelExplanation = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('explained'),
      base: z
        .number()
        .meta({ description: 'What the model says of a request it knows nothing about.' }),
      contributions: z.array(
        z.strictObject({
          feature: z.string(),
          value: featureValue.nullable().meta({ description: 'null: it was not known.' }),
          share: z.number(),
        }),
      ),
      others: z.number().meta({ description: 'The sum of the features that are not listed.' }),
      share: z.number().meta({ description: '`base`, all contributions and `others` added up.' }),
      score: z
        .number()
        .meta({ description: '`share` after calibration, before any rule adjusted it.' }),
    }),
    z.strictObject({ kind: z.literal('no_model') }),
    z.strictObject({ kind: z.literal('unknown'), because: z.enum(unexplained) }),
  ])
  .meta({ id: 'ModelExplanation' })

const flip = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('change'),
      feature: z.string(),
      from: featureValue.nullable(),
      to: featureValue.nullable().meta({ description: 'null: if it had not been known.' }),
      outcome,
    }),
    z.strictObject({
      kind: z.literal('none'),
      because: z.enum(['hard_stop', 'country', 'test_number', 'sample', 'no_single_change']),
    }),
    z.strictObject({
      kind: z.literal('unknown'),
      because: z.enum([...unexplained, 'not_reproducible', 'service_gone']),
    }),
  ])
  .meta({
    id: 'Flip',
    description:
      'The least change of one feature that would have led to another outcome, all else the same; found by trying.',
  })

const expectedCosts = z
  .strictObject({
    allow_micros: moneyMicros,
    challenge_micros: moneyMicros,
    block_micros: moneyMicros,
  })
  .meta({
    id: 'ExpectedCosts',
    description:
      'What each outcome costs on average at this score and what a person is worth to the service today.',
  })

const challengerVote = z
  .strictObject({ outcome, score, rules_version: z.string(), model_version: z.string() })
  .meta({ id: 'ChallengerVote', description: 'What the policy on trial would have done.' })

const thresholds = z
  .strictObject({
    challenge: score,
    block: score,
    lifted: z.boolean().meta({
      description: 'The account’s own traffic lifted one of them above those of the policy.',
    }),
  })
  .meta({
    id: 'Thresholds',
    description: 'From which scores on the model challenged and blocked by itself.',
  })

export const decisionAnswer = z
  .strictObject({
    id: idText('DE'),
    verification: idText('VE'),
    outcome,
    policy_outcome: outcome.meta({
      description:
        'Another one than `outcome` where the service only records or a hard limit refused.',
    }),
    score,
    reasons,
    rules: z.array(ruleHit).meta({ description: 'Every rule that matched, shadow ones included.' }),
    silent_rules: silentRules,
    features: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .meta({ description: 'What was known, by catalogue name; see docs/features.md.' }),
    unknown: z
      .array(z.string())
      .meta({ description: 'Features that nobody could know; a whole group as `ip.*`.' }),
    rules_version: z.string(),
    model_version: z.string(),
    thresholds: thresholds.optional(),
    pardon: z.enum(['given', 'spent']).optional().meta({
      description:
        'given: a challenge was taken back; spent: it was not, for the account’s pardons of the day were used up.',
    }),
    model: modelExplanation,
    expected_costs: expectedCosts.optional(),
    flip,
    challenger: challengerVote.optional(),
    challenge_passed: z.boolean(),
    stop: z.string().optional().meta({ description: 'The hard limit that refused it.' }),
    price_micros: moneyMicros,
    currency: z.string(),
    traffic: z.strictObject({ country: z.string(), range: z.string(), asn: z.int().optional() }),
    created_at: instant,
  })
  .meta({ id: 'Decision' })
