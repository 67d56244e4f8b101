import * as z from 'zod'
import type { Delivery } from '../../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../../provider.ts'
import { messageIdField, readTokenList, referenceOf, segmentsIn } from '../../../receipt-request.ts'
import { errorOf } from '../answers.ts'
import { TAKEN } from '../domestic/receipts.ts'

/** 6 is a message whose time was over before it arrived. */
const STATUS = { '1': 'delivered', '2': 'undelivered', '6': 'undelivered' } as const

const receiptField = z.object({
  MessageId: messageIdField,
  TaskId: z.string().nullish(),
  Status: z.union([z.string(), z.int().transform(String)]).pipe(z.enum(['1', '2', '6'])),
  ErrorCode: z.string().optional().catch(undefined),
  ErrorDescription: z.string().optional().catch(undefined),
  SmsSize: z.unknown().optional(),
})

/** The push of the international version. */
export function readInternationalReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  return readTokenList(request, { token, receipt: receiptField, toDelivery, answer: TAKEN })
}

function toDelivery(receipt: z.infer<typeof receiptField>): Delivery {
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
