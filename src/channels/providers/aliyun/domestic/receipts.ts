import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../../provider.ts'
import {
  hasToken,
  jsonAnswer,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
  UNAUTHENTIC,
} from '../../../receipt-request.ts'
import { errorOf } from '../answers.ts'

const RECEIPTS_MAX = 1000
const ACCEPTED_BY_CARRIER = 'REQUEST_SUCCESS'

const receiptsSchema = z
  .array(
    z.object({
      biz_id: messageIdField,
      out_id: z.string().nullish(),
      success: z.union([
        z.boolean(),
        z.enum(['true', 'false']).transform((text) => text === 'true'),
      ]),
      err_code: z.string().optional().catch(undefined),
      err_msg: z.string().optional().catch(undefined),
      sms_size: z.unknown().optional(),
    }),
  )
  .max(RECEIPTS_MAX)

/** SmsReport: an array, signed by nothing, so it must come under the secret path. */
export function readDomesticReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  if (!hasToken(request, token)) return UNAUTHENTIC
  const parsed = receiptsSchema.safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  return { kind: 'read', deliveries: parsed.data.map(toDelivery), answer: TAKEN }
}

/** The vendor reads the number only. */
export const TAKEN = jsonAnswer({ code: 0, msg: 'OK' })

function toDelivery(receipt: z.infer<typeof receiptsSchema>[number]): Delivery {
  const { biz_id, out_id, success, err_code, err_msg, sms_size } = receipt
  const status = statusOf(success, err_code)
  return {
    providerMessageId: biz_id,
    reference: referenceOf(out_id),
    status,
    error: errorOf(status, err_code, err_msg),
    segments: segmentsIn(sms_size),
    cost: undefined,
  }
}

function statusOf(success: boolean, code: string | undefined): DeliveryStatus {
  if (code === ACCEPTED_BY_CARRIER) return 'sent'
  return success ? 'delivered' : 'undelivered'
}
