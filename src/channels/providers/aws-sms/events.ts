import * as z from 'zod'
import { plus } from '../../../domain/money.ts'
import type { Cost, Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'
import type { ReceiptReading } from '../../provider.ts'
import {
  costOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
} from '../../receipt-request.ts'
import { REFERENCE } from './call.ts'

/** `SUCCESSFUL` is what the carrier took; `UNKNOWN` comes after three days of silence, which says nothing about the phone. */
const STATUS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['TEXT_QUEUED', 'queued'],
  ['TEXT_PENDING', 'queued'],
  ['TEXT_SENT', 'sent'],
  ['TEXT_SUCCESSFUL', 'sent'],
  ['TEXT_UNKNOWN', 'sent'],
  ['TEXT_DELIVERED', 'delivered'],
  ['TEXT_UNREACHABLE', 'undelivered'],
  ['TEXT_CARRIER_UNREACHABLE', 'undelivered'],
  ['TEXT_TTL_EXPIRED', 'undelivered'],
  ['TEXT_BLOCKED', 'undelivered'],
  ['TEXT_CARRIER_BLOCKED', 'undelivered'],
  ['TEXT_PROTECT_BLOCKED', 'undelivered'],
  ['TEXT_SPAM', 'undelivered'],
  ['TEXT_INVALID', 'failed'],
  ['TEXT_INVALID_MESSAGE', 'failed'],
])
const ERROR_KINDS = codeTable({
  invalid_number: ['TEXT_INVALID'],
  unreachable: ['TEXT_UNREACHABLE', 'TEXT_CARRIER_UNREACHABLE', 'TEXT_TTL_EXPIRED'],
  blocked_by_carrier: ['TEXT_BLOCKED', 'TEXT_CARRIER_BLOCKED', 'TEXT_PROTECT_BLOCKED'],
  content_refused: ['TEXT_SPAM', 'TEXT_INVALID_MESSAGE'],
})
/** The vendor prices in this currency alone. */
const CURRENCY = 'USD'

const typeSchema = z.object({ eventType: z.string() })
const eventSchema = typeSchema.extend({
  messageId: messageIdField,
  context: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  messageStatusDescription: z.string().nullish().catch(undefined),
  totalMessageParts: z.unknown().optional(),
  totalMessagePrice: z.unknown().optional(),
  totalCarrierFee: z.unknown().optional(),
})
type AwsEvent = z.infer<typeof eventSchema>
/** As EventBridge wraps it. */
const wrappedSchema = z.object({ detail: z.unknown() })

/** One event, bare or wrapped. What is none, or about no text, is taken and left: topics carry other things too. */
export function readEvent(json: unknown): ReceiptReading {
  const bare = wrappedSchema.safeParse(json).data?.detail ?? json
  const type = typeSchema.safeParse(bare).data?.eventType
  if (type === undefined || !type.startsWith('TEXT_')) return { kind: 'read', deliveries: [] }
  const event = eventSchema.safeParse(bare).data
  const delivery = event && deliveryOf(event)
  return delivery === undefined ? MALFORMED : { kind: 'read', deliveries: [delivery] }
}

function deliveryOf(event: AwsEvent): Delivery | undefined {
  const { eventType, messageId, context, messageStatusDescription } = event
  const status = STATUS.get(eventType)
  if (status === undefined) return undefined
  const reference = context?.[REFERENCE]
  const kind = ERROR_KINDS.get(eventType)
  return {
    providerMessageId: messageId,
    reference: typeof reference === 'string' ? referenceOf(reference) : undefined,
    status,
    error: kind && sendError(kind, eventType, messageStatusDescription ?? undefined),
    segments: segmentsIn(event.totalMessageParts),
    cost: wholeCostOf(event),
  }
}

/** The carriers' fees are counted apart. */
function wholeCostOf({ totalMessagePrice, totalCarrierFee }: AwsEvent): Cost | undefined {
  const price = costOf(totalMessagePrice, CURRENCY)
  const fee = costOf(totalCarrierFee, CURRENCY)
  return price && fee ? { ...price, micros: plus(price.micros, fee.micros) } : price
}
