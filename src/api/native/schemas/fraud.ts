import * as z from 'zod'
import { LIST_KINDS, LIST_NAMES } from '../../../risk/lists.ts'
import { REPORT_GROUPS } from '../../../risk/reports.ts'
import {
  countParameter,
  cursorParameter,
  idText,
  instant,
  instantInput,
  ipText,
  line,
  moneyMicros,
  nextCursor,
} from './texts.ts'

const LABELS = ['fraud', 'legit'] as const
const SUBJECTS = ['verification', 'to', 'range', 'ip'] as const

const range = z
  .string()
  .regex(/^\+[1-9]\d{1,13}$/, 'must be + and the first 2 to 14 digits of numbers')
  .meta({ example: '+4474001' })

export const fraudReportBody = z
  .strictObject({
    verification: idText('VE').optional(),
    to: line(64).optional().meta({ description: 'E.164.', example: '+447400123456' }),
    range: range.optional(),
    ip: ipText.optional(),
    label: z.enum(LABELS),
    note: line(500).optional(),
  })
  .refine(
    (body) => SUBJECTS.filter((subject) => body[subject] !== undefined).length === 1,
    'must name exactly one of verification, to, range and ip',
  )
  .meta({ id: 'ReportFraud', example: { range: '+4474001', label: 'fraud', note: 'Pumped.' } })

export const fraudReportAnswer = z
  .strictObject({
    id: idText('FR'),
    label: z.enum(LABELS),
    verification: idText('VE').optional(),
    to: z.string().optional().meta({ description: 'Masked.' }),
    range: z.string().optional(),
    ip: z.string().optional(),
    note: z.string().optional(),
    author: z.string().meta({ description: 'The key that reported it.' }),
    created_at: instant,
  })
  .meta({ id: 'FraudReport' })

export const fraudReportPage = z
  .strictObject({ reports: z.array(fraudReportAnswer), next_cursor: nextCursor })
  .meta({ id: 'FraudReportPage' })

export const fraudReportQuery = z.strictObject({
  cursor: cursorParameter('FR').optional(),
  limit: countParameter(100, 20),
})

export const trafficQuery = z.strictObject({
  from: instantInput
    .optional()
    .meta({ description: 'Whole hours; 24 hours before `to` if absent.' }),
  to: instantInput.optional().meta({ description: 'Now if absent.' }),
  group_by: z.enum(REPORT_GROUPS).default('country'),
  limit: countParameter(1000, 100),
})

const trafficRow = z
  .strictObject({
    key: z.string(),
    requests: z.int(),
    allowed: z.int(),
    challenged: z.int(),
    blocked: z.int(),
    sends: z.int(),
    verified: z.int(),
    conversion: z
      .number()
      .nullable()
      .meta({ description: 'Verified of sent; null without sends.' }),
    spent_micros: moneyMicros,
    saved_micros: moneyMicros.meta({ description: 'Price of what was refused.' }),
  })
  .meta({ id: 'TrafficRow' })

export const trafficAnswer = z
  .strictObject({
    from: instant,
    to: instant,
    group_by: z.enum(REPORT_GROUPS),
    currency: z.string(),
    total: trafficRow,
    rows: z.array(trafficRow),
    top_ranges: z.array(trafficRow),
    top_asns: z.array(trafficRow),
    top_ips: z.array(trafficRow),
  })
  .meta({ id: 'TrafficReport' })

export const listParams = z.strictObject({ list: z.enum(LIST_NAMES) })
export const listEntryParams = z.strictObject({ list: z.enum(LIST_NAMES), id: idText('LI') })

export const listEntryBody = z
  .strictObject({
    kind: z.enum(LIST_KINDS),
    value: line(128).meta({
      description:
        'phone: E.164; range: + and first digits; ip; cidr; asn: its number in digits; country: ISO 3166-1 alpha-2 of the phone number; device: its id.',
    }),
    note: line(500).optional(),
    expires_at: instantInput.optional(),
  })
  .meta({ id: 'AddListEntry', example: { kind: 'cidr', value: '198.51.100.0/24', note: 'Bots.' } })

export const listEntryAnswer = z
  .strictObject({
    id: idText('LI'),
    list: z.enum(LIST_NAMES),
    kind: z.enum(LIST_KINDS),
    value: z.string(),
    note: z.string().optional(),
    author: z.string(),
    created_at: instant,
    expires_at: instant.optional(),
  })
  .meta({ id: 'ListEntry' })

export const listEntryPage = z
  .strictObject({ entries: z.array(listEntryAnswer), next_cursor: nextCursor })
  .meta({ id: 'ListEntryPage' })

export const listEntryQuery = z.strictObject({
  cursor: cursorParameter('LI').optional(),
  limit: countParameter(100, 20),
})
