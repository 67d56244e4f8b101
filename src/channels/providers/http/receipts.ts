import * as z from 'zod'
import { DELIVERY_STATUSES, type Delivery } from '../../../domain/send.ts'
import { SEND_ERROR_KINDS, type SendErrorKind, sendError } from '../../../domain/send-error.ts'
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
import { sameText } from '../../signing.ts'

const RECEIPTS_MAX = 1000
const TOKEN_HEADER = 'x-receipt-token'

/** More members are let through unread: what an upstream adds to its receipts is its own affair. */
const receiptSchema = z.object({
  id: messageIdField,
  reference: z.string().nullish(),
  status: z.enum(DELIVERY_STATUSES),
  reason: z
    .enum(SEND_ERROR_KINDS as readonly [SendErrorKind, ...SendErrorKind[]])
    .optional()
    .catch(undefined),
  error: z.string().nullish(),
  segments: z.unknown().optional(),
  cost: z.object({ amount: z.unknown(), currency: z.unknown() }).nullish(),
})
const receiptsSchema = z.union([receiptSchema, z.array(receiptSchema).max(RECEIPTS_MAX)])

/** Reads one receipt or a list of them, if `x-receipt-token` is the configured one. */
export function readHttpReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  if (token === undefined || !sameText(request.headers.get(TOKEN_HEADER), token)) return UNAUTHENTIC
  const parsed = receiptsSchema.safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  return { kind: 'read', deliveries: [parsed.data].flat().map(toDelivery) }
}

/** A gateway that never told us its id may use ours. */
function toDelivery(receipt: z.infer<typeof receiptSchema>): Delivery {
  const { id, reference, status, reason, error, segments, cost } = receipt
  const isBad = status === 'undelivered' || status === 'failed'
  return {
    providerMessageId: id,
    reference: referenceOf(reference ?? id),
    status,
    error: isBad ? sendError(reason ?? 'unknown', status, error ?? undefined) : undefined,
    segments: segmentsIn(segments),
    cost: cost == null ? undefined : costOf(cost.amount, cost.currency),
  }
}
