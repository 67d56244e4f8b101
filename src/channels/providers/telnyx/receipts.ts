import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  costOf,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { ERROR_KINDS, errorsField } from './answers.ts'
import type { TelnyxSettings } from './settings.ts'
import { isSignedByTelnyx } from './signature.ts'

/** `delivery_unconfirmed` is the carrier's silence: the vendor's last word, and yet none about the phone. */
const STATUS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['queued', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivery_unconfirmed', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['expired', 'undelivered'],
  ['delivery_failed', 'undelivered'],
  ['sending_failed', 'failed'],
])

/** A message as webhooks and look-ups tell it. */
export const messageField = z.object({
  id: messageIdField,
  to: z.tuple([z.object({ status: z.string() })]).rest(z.unknown()),
  tags: z.array(z.unknown()).nullish().catch(undefined),
  parts: z.unknown().optional(),
  cost: z.object({ amount: z.unknown(), currency: z.unknown() }).nullish().catch(undefined),
  errors: errorsField.optional().catch(undefined),
})
export type TelnyxMessage = z.infer<typeof messageField>

const eventSchema = z.object({
  data: z.discriminatedUnion('event_type', [
    z.object({ event_type: z.literal('message.sent'), payload: messageField }),
    z.object({ event_type: z.literal('message.finalized'), payload: messageField }),
  ]),
})
/** Incoming messages and other news of a profile. */
const otherSchema = z.object({ data: z.object({ event_type: z.string() }) })
const ABOUT_SENDS: ReadonlySet<string> = new Set(['message.sent', 'message.finalized'])

type Known = { readonly settings: TelnyxSettings; readonly nowMs: number }

export async function readTelnyxReceipts(
  request: ReceiptRequest,
  { settings: { public_key }, nowMs }: Known,
): Promise<ReceiptReading> {
  if (public_key === undefined) return UNAUTHENTIC
  if (!(await isSignedByTelnyx(request, public_key, nowMs))) return UNAUTHENTIC
  const json = jsonBodyOf(request)
  const event = eventSchema.safeParse(json)
  if (event.success) {
    const delivery = deliveryOf(event.data.data.payload)
    return delivery === undefined ? MALFORMED : { kind: 'read', deliveries: [delivery] }
  }
  const other = otherSchema.safeParse(json).data?.data.event_type
  const isOther = other !== undefined && !ABOUT_SENDS.has(other)
  return isOther ? { kind: 'read', deliveries: [] } : MALFORMED
}

/** Undefined for a status that is not on the list. */
export function deliveryOf(message: TelnyxMessage): Delivery | undefined {
  const [{ status: theirs }] = message.to
  const status = STATUS.get(theirs)
  if (status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  const [reference] = message.tags?.flatMap((one) => referenceOf(String(one)) ?? []) ?? []
  return {
    providerMessageId: message.id,
    reference,
    status,
    error: isBad ? errorOf(message, theirs) : undefined,
    segments: segmentsIn(message.parts),
    cost: costOf(message.cost?.amount, message.cost?.currency),
  }
}

function errorOf({ errors }: TelnyxMessage, status: string) {
  const { code = status, detail, title } = errors?.[0] ?? {}
  const fallback = status === 'expired' ? 'unreachable' : 'unknown'
  return sendError(ERROR_KINDS.get(code) ?? fallback, code, detail ?? title)
}
