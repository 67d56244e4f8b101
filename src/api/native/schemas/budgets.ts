import * as z from 'zod'
import { BUDGET_KINDS, BUDGET_PERIODS, BUDGET_SCOPES } from '../../../domain/budget.ts'
import {
  countParameter,
  countryText,
  currencyText,
  cursorParameter,
  idText,
  instant,
  nextCursor,
} from './texts.ts'

const LIMIT_MICROS_MAX = 10_000_000_000_000
const LIMIT_SENDS_MAX = 1_000_000_000
const ALERTS_MAX = 10

const service = idText('VA').meta({ description: 'Absent: all services together.' })
const country = countryText.meta({ description: 'Absent: all countries together.' })
const period = z.enum(BUDGET_PERIODS).meta({ description: 'Of the calendar, in UTC.' })
const kind = z
  .enum(BUDGET_KINDS)
  .meta({ description: 'hard: refuses what would go over it; soft: tells, and sends go on.' })
const limitMicros = z.int().min(0).max(LIMIT_MICROS_MAX).meta({
  description: "Millionths of the account's currency; a send counts its price, whoever pays it.",
})
const limitSends = z.int().min(0).max(LIMIT_SENDS_MAX).meta({ description: 'Messages.' })

const distinct = (items: readonly number[]): boolean => new Set(items).size === items.length
const alerts = z
  .array(z.number().min(0.01).max(1).multipleOf(0.01, 'must be whole hundredths'))
  .max(ALERTS_MAX)
  .refine(distinct, 'names a share twice')
  .meta({
    description: 'Shares of the limit at which `budget.reached` is sent, once in a period.',
    example: [0.5, 0.8, 1],
  })

type Limits = {
  readonly kind: (typeof BUDGET_KINDS)[number]
  readonly limit_micros?: number | undefined
  readonly limit_sends?: number | undefined
}
const hasOneLimit = ({ limit_micros, limit_sends }: Limits): boolean =>
  (limit_micros === undefined) !== (limit_sends === undefined)
const canBeReached = ({ kind, limit_micros, limit_sends }: Limits): boolean =>
  kind === 'hard' || (limit_micros ?? limit_sends) !== 0

export const putBudgetBody = z
  .strictObject({
    service: service.optional(),
    country: country.optional(),
    period,
    kind,
    limit_micros: limitMicros.optional(),
    limit_sends: limitSends.optional(),
    alerts: alerts.default([1]),
  })
  .refine(hasOneLimit, { path: ['limit_micros'], error: 'give this or limit_sends, one of them' })
  .refine(canBeReached, { path: ['kind'], error: 'must be hard where the limit is 0' })
  .meta({
    id: 'PutBudget',
    example: { country: 'GB', period: 'day', kind: 'hard', limit_sends: 500, alerts: [0.8, 1] },
  })

export const budgetAnswer = z
  .strictObject({
    id: idText('BG'),
    scope: z.enum(BUDGET_SCOPES),
    service: service.optional(),
    country: country.optional(),
    period,
    kind,
    limit_micros: limitMicros.optional(),
    limit_sends: limitSends.optional(),
    currency: currencyText.optional(),
    alerts: z.array(z.number()),
    used_micros: z.int().optional(),
    used_sends: z.int().optional(),
    reached: z.number().meta({ description: 'The highest alert of this period; 0 for none.' }),
    ends_at: instant.meta({ description: 'When it starts anew.' }),
    created_at: instant.meta({ description: 'What was sent before this does not count.' }),
    updated_at: instant,
  })
  .meta({ id: 'Budget' })

export const budgetQuery = z.strictObject({
  cursor: cursorParameter('BG').optional(),
  limit: countParameter(100, 20),
})

export const budgetPage = z
  .strictObject({ budgets: z.array(budgetAnswer), next_cursor: nextCursor })
  .meta({ id: 'BudgetPage' })

export const budgetParams = z.strictObject({ id: idText('BG') })
