import * as z from 'zod'
import { CHANNELS, type Channel } from '../domain/channel.ts'
import type { RuleHit } from '../domain/decision.ts'
import type { CompileCondition, Condition, ConditionFault } from './condition.ts'
import type { SeenFeatures } from './features.ts'
import { SCORE_PARDONED } from './pardon.ts'
import type { Comparison } from './rule-comparisons.ts'
import { makeSieve, type Sieve } from './rule-sieve.ts'
import { DEFAULT_THRESHOLDS, type OwnTraffic, type Thresholds } from './thresholds.ts'

const RULES_MAX = 500
const TEXT_MAX = 500
const WORDS_MAX = 200

const share = z.number().min(0).max(1)
/** A larger share than this would not be the exception any more. */
const smallShare = z.number().min(0).max(0.2)
const ownTrafficSchema = z
  .strictObject({ challenge_share: smallShare, block_share: smallShare })
  .refine(({ challenge_share, block_share }) => block_share <= challenge_share, {
    path: ['block_share'],
    error: 'expected a share to block that is not above the share to challenge',
  })
const thresholdsSchema = z
  .strictObject({ challenge: share, block: share, own_traffic: ownTrafficSchema.optional() })
  .refine(({ challenge, block }) => challenge <= block, {
    path: ['block'],
    error: 'expected a block threshold that is not below the challenge threshold',
  })

const scopeSchema = z.strictObject({
  services: z.array(z.string().min(1)).min(1).max(WORDS_MAX).optional(),
  channels: z.array(z.enum(CHANNELS)).min(1).optional(),
  purposes: z.array(z.string().min(1)).min(1).max(WORDS_MAX).optional(),
})

const ruleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
        error: 'expected small letters, digits and single hyphens, e.g. range-pumped',
      })
      .refine((id) => id !== SCORE_PARDONED, {
        error: 'expected another id: pardons mean the model',
      }),
    why: z.string().min(1).max(TEXT_MAX),
    when: z.string().min(1),
    action: z.enum(['allow', 'challenge', 'block', 'adjust', 'pardon']),
    score: z.number().min(-1).max(1).optional(),
    reason: z
      .string()
      .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, { error: 'expected a snake_case word' })
      .optional(),
    pardons: z.array(z.string()).min(1).max(WORDS_MAX).optional(),
    mode: z.enum(['enforce', 'shadow', 'off']).default('enforce'),
    scope: scopeSchema.optional(),
  })
  .refine(({ action, score }) => (action === 'adjust') === (score !== undefined), {
    path: ['score'],
    error: 'expected `score` with action adjust and only there',
  })
  .refine(({ action, pardons }) => (action === 'pardon') === (pardons !== undefined), {
    path: ['pardons'],
    error: 'expected `pardons` with action pardon and only there',
  })

/** The whole of policy.yaml. */
export const policySchema = z.strictObject({
  version: z.string().min(1).max(60),
  thresholds: thresholdsSchema.optional(),
  sampled_challenge_share: z.number().min(0).max(0.05).default(0),
  pardoned_micros_per_day: z.int().min(0).max(1_000_000_000).default(0),
  maturity_seconds: z.int().min(10).max(3600).default(180),
  rules: z.array(ruleSchema).max(RULES_MAX),
})
export type Policy = z.infer<typeof policySchema>
type PolicyRule = Policy['rules'][number]

/** Where a rule asks at all; undefined: everywhere. */
export type RuleScope = {
  readonly services: readonly string[] | undefined
  readonly channels: readonly Channel[] | undefined
  readonly purposes: readonly string[] | undefined
}
type CompiledRule = {
  readonly hit: RuleHit
  readonly condition: Condition
  readonly scope: RuleScope | undefined
  /** Where its condition can turn, for explanations. */
  readonly comparisons: readonly Comparison[]
}

/** A policy that is ready to run. Rules that are off are gone. */
export type RuleSet = {
  readonly version: string
  readonly thresholds: Thresholds
  /** How far an account's own traffic may lift them; undefined: not at all. */
  readonly ownTraffic: OwnTraffic | undefined
  /** Of requests for numbers that never verified and that nothing speaks against, so many are challenged all the same. */
  readonly sampledShare: number
  /** What pardons may cost an account in a day, in micros of its currency. */
  readonly pardonedPerDay: number
  /** A send that nobody answered counts as unverified after this time. */
  readonly maturitySeconds: number
  readonly rules: readonly CompiledRule[]
  /** Rules out, by place in `rules`, most of those that do not hold. */
  readonly sieve: Sieve
}

/** A mistake in the condition of the rule with this index. */
export type RuleFault = ConditionFault & { readonly rule: number }
export type CompiledPolicy =
  | { readonly kind: 'ok'; readonly ruleSet: RuleSet }
  | { readonly kind: 'wrong'; readonly faults: readonly RuleFault[] }

/** Type-checks every condition, those of rules that are off as well. `version` names the set in decisions. */
export function compilePolicy(
  policy: Policy,
  compileCondition: CompileCondition,
  version: string = policy.version,
): CompiledPolicy {
  const compiled = policy.rules.map((rule) => ({ rule, result: compileCondition(rule.when) }))
  const faults = compiled.flatMap(({ result }, index) =>
    result.kind === 'wrong' ? result.faults.map((fault) => ({ ...fault, rule: index })) : [],
  )
  if (faults.length > 0) return { kind: 'wrong', faults }
  const rules = compiled.flatMap(({ rule, result }) => {
    if (result.kind !== 'ok' || rule.mode === 'off') return []
    const { condition, tests, comparisons } = result
    return [{ hit: toHit(rule, rule.mode), condition, tests, scope: toScope(rule), comparisons }]
  })
  const { challenge, block, own_traffic }: z.infer<typeof thresholdsSchema> =
    policy.thresholds ?? DEFAULT_THRESHOLDS
  return {
    kind: 'ok',
    ruleSet: {
      version,
      thresholds: { challenge, block },
      ownTraffic: own_traffic && {
        challengeShare: own_traffic.challenge_share,
        blockShare: own_traffic.block_share,
      },
      sampledShare: policy.sampled_challenge_share,
      pardonedPerDay: policy.pardoned_micros_per_day,
      maturitySeconds: policy.maturity_seconds,
      rules,
      sieve: makeSieve(rules.map(({ tests }) => tests)),
    },
  }
}

const toHit = (rule: PolicyRule, mode: 'enforce' | 'shadow'): RuleHit => ({
  ruleId: rule.id,
  action: rule.action,
  mode,
  reason: { code: rule.reason ?? rule.id.replaceAll('-', '_'), detail: rule.why },
  scoreDelta: rule.score ?? 0,
  ...(rule.pardons === undefined ? {} : { pardons: rule.pardons }),
})

function toScope({ scope }: PolicyRule): RuleScope | undefined {
  if (scope === undefined) return undefined
  return { services: scope.services, channels: scope.channels, purposes: scope.purposes }
}

/** What a rule's scope is compared with. */
export type RequestScope = {
  readonly serviceId: string
  readonly channel: Channel
  readonly purpose: string | undefined
}
/** A rule that could not be evaluated; it counted as not matched. `message` holds no request data. */
export type RuleError = { readonly ruleId: string; readonly message: string }
export type RuleResult = {
  readonly hits: readonly RuleHit[]
  readonly errors: readonly RuleError[]
}

/** Pure: the same rules and features give the same hits, in file order. A rule that fails is reported and counts as not matched. */
export function evaluateRules(
  ruleSet: RuleSet,
  features: SeenFeatures,
  request: RequestScope,
): RuleResult {
  const hits: RuleHit[] = []
  const errors: RuleError[] = []
  const { rules, sieve } = ruleSet
  for (let place = 0; place < rules.length; place++) {
    if (!sieve(place, features.values)) continue
    const { hit, condition, scope } = rules[place] as CompiledRule
    if (!isInScope(scope, request)) continue
    try {
      if (condition(features)) hits.push(hit)
    } catch (error) {
      errors.push({ ruleId: hit.ruleId, message: error instanceof Error ? error.name : 'unknown' })
    }
  }
  return { hits, errors }
}

export function isInScope(
  scope: RuleScope | undefined,
  { serviceId, channel, purpose }: RequestScope,
): boolean {
  if (scope === undefined) return true
  if (scope.services !== undefined && !scope.services.includes(serviceId)) return false
  if (scope.channels !== undefined && !scope.channels.includes(channel)) return false
  if (scope.purposes === undefined) return true
  return purpose !== undefined && scope.purposes.includes(purpose)
}
