import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../../provider.ts'
import {
  jsonAnswer,
  messageIdField,
  readTokenList,
  referenceOf,
  segmentsIn,
} from '../../../receipt-request.ts'
import { errorOf } from '../answers.ts'

const ACCEPTED_BY_CARRIER = 'REQUEST_SUCCESS'

const receiptField = z.object({
  biz_id: messageIdField,
  out_id: z.string().nullish(),
  success: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]),
  err_code: z.string().optional().catch(undefined),
  err_msg: z.string().optional().catch(undefined),
  sms_size: z.unknown().optional(),
})

/** SmsReport. */
export function readDomesticReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  return readTokenList(request, { token, receipt: receiptField, toDelivery, answer: TAKEN })
}

/** The vendor reads the number only. */
export const TAKEN = jsonAnswer({ code: 0, msg: 'OK' })

function toDelivery(receipt: z.infer<typeof receiptField>): Delivery {
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
