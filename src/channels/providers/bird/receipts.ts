import * as z from 'zod'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  segmentsIn,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { isStandardWebhook } from '../../standard-webhook.ts'
import { deliveryStatusOf, errorField, errorOf, messageFields, priceOf, sendOf } from './message.ts'
import type { BirdSettings } from './settings.ts'

const eventSchema = z.object({ type: z.string().min(1), data: z.unknown() })
const dataSchema = z.object({ ...messageFields, sms_id: messageIdField, error: errorField })

type Known = { readonly settings: BirdSettings; readonly nowMs: number }

/** One event at a time; those that are not about a text of ours are taken and left. */
export function readBirdReceipts(
  request: ReceiptRequest,
  { settings: { webhook_secret }, nowMs }: Known,
): ReceiptReading {
  if (webhook_secret === undefined) return UNAUTHENTIC
  if (!isStandardWebhook(request, webhook_secret, nowMs)) return UNAUTHENTIC
  const event = eventSchema.safeParse(jsonBodyOf(request)).data
  if (event === undefined) return MALFORMED
  const [, theirs = ''] = /^sms\.(.+)$/.exec(event.type) ?? []
  const status = deliveryStatusOf(theirs)
  if (status === undefined) return { kind: 'read', deliveries: [] }
  const data = dataSchema.safeParse(event.data).data
  if (data === undefined) return MALFORMED
  const delivery = {
    providerMessageId: data.sms_id,
    reference: sendOf(data),
    status,
    error: errorOf(theirs, data.error),
    segments: segmentsIn(data.segments?.count),
    cost: priceOf(data),
  }
  return { kind: 'read', deliveries: [delivery] }
}
