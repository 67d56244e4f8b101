import * as z from 'zod'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  costOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { deliveryStatusOf, errorOf } from './deliveries.ts'
import type { MessageBirdSettings } from './settings.ts'
import { isSignedByMessageBird } from './signature.ts'

const reportSchema = z.object({
  id: messageIdField,
  status: z.string(),
  reference: z.string().optional(),
  statusReason: z.string().optional(),
  statusErrorCode: z.string().optional(),
  'price[amount]': z.string().optional(),
  'price[currency]': z.string().optional(),
})

type Known = { readonly settings: MessageBirdSettings; readonly nowMs: number }

/** A report is a GET, all of it in the query. */
export function readMessageBirdReceipts(
  request: ReceiptRequest,
  { settings: { signing_key }, nowMs }: Known,
): ReceiptReading {
  if (signing_key === undefined) return UNAUTHENTIC
  if (!isSignedByMessageBird(request, signing_key, nowMs)) return UNAUTHENTIC
  const report = reportSchema.safeParse(Object.fromEntries(request.query)).data
  const status = deliveryStatusOf(report?.status ?? '')
  if (report === undefined || status === undefined) return MALFORMED
  const { statusReason: words, statusErrorCode: code } = report
  const delivery = {
    providerMessageId: report.id,
    reference: referenceOf(report.reference),
    status,
    error: errorOf(report.status, { words, code }),
    segments: undefined,
    cost: costOf(report['price[amount]'], report['price[currency]']),
  }
  return { kind: 'read', deliveries: [delivery] }
}
