import * as z from 'zod'
import type { Delivery } from '../../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../../provider.ts'
import {
  hasToken,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
  UNAUTHENTIC,
} from '../../../receipt-request.ts'
import { errorOf } from '../answers.ts'
import { TAKEN } from '../domestic/receipts.ts'

const RECEIPTS_MAX = 1000
/** 6 is a message whose time was over before it arrived. */
const STATUS = { '1': 'delivered', '2': 'undelivered', '6': 'undelivered' } as const

const receiptsSchema = z
  .array(
    z.object({
      MessageId: messageIdField,
      TaskId: z.string().nullish(),
      Status: z.union([z.string(), z.int().transform(String)]).pipe(z.enum(['1', '2', '6'])),
      ErrorCode: z.string().optional().catch(undefined),
      ErrorDescription: z.string().optional().catch(undefined),
      SmsSize: z.unknown().optional(),
    }),
  )
  .max(RECEIPTS_MAX)

/** The push of the international version: an array, signed by nothing, so it must come under the secret path. */
export function readInternationalReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  if (!hasToken(request, token)) return UNAUTHENTIC
  const parsed = receiptsSchema.safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  return { kind: 'read', deliveries: parsed.data.map(toDelivery), answer: TAKEN }
}

function toDelivery(receipt: z.infer<typeof receiptsSchema>[number]): Delivery {
  const status = STATUS[receipt.Status]
  const code = receipt.Status === '6' ? 'expired' : receipt.ErrorCode
  return {
    providerMessageId: receipt.MessageId,
    reference: referenceOf(receipt.TaskId),
    status,
    error: errorOf(status, code, receipt.ErrorDescription),
    segments: segmentsIn(receipt.SmsSize),
    cost: undefined,
  }
}
