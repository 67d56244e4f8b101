import * as z from 'zod'
import type { Delivery } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import { jsonAnswer, messageIdField, readTokenList } from '../../receipt-request.ts'

const TAKEN = jsonAnswer({ result: 0, errmsg: 'OK' })

const receiptField = z.object({
  sid: messageIdField,
  report_status: z.enum(['SUCCESS', 'FAIL']),
  errmsg: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
})

/** Our reference is not in them. */
export function readTencentReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  return readTokenList(request, { token, receipt: receiptField, toDelivery, answer: TAKEN })
}

const toDelivery = (receipt: z.infer<typeof receiptField>): Delivery => ({
  providerMessageId: receipt.sid,
  reference: undefined,
  ...toStatus(receipt.report_status, receipt.errmsg, receipt.description),
  segments: undefined,
  cost: undefined,
})

/** The carrier's code is passed on as it came; no list of them was found. */
export function toStatus(
  report: 'SUCCESS' | 'FAIL',
  code: string | undefined,
  text: string | undefined,
): Pick<Delivery, 'status' | 'error'> {
  if (report === 'SUCCESS') return { status: 'delivered', error: undefined }
  return { status: 'undelivered', error: sendError('unknown', code ?? 'FAIL', text) }
}
