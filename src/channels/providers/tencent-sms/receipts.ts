import * as z from 'zod'
import type { Delivery } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  hasToken,
  jsonAnswer,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  UNAUTHENTIC,
} from '../../receipt-request.ts'

const RECEIPTS_MAX = 1000
const TAKEN = jsonAnswer({ result: 0, errmsg: 'OK' })

const receiptsSchema = z
  .array(
    z.object({
      sid: messageIdField,
      report_status: z.enum(['SUCCESS', 'FAIL']),
      errmsg: z.string().optional().catch(undefined),
      description: z.string().optional().catch(undefined),
    }),
  )
  .max(RECEIPTS_MAX)

/** An array, signed by nothing, so it must come under the secret path. Our reference is not in it. */
export function readTencentReceipts(
  request: ReceiptRequest,
  token: string | undefined,
): ReceiptReading {
  if (!hasToken(request, token)) return UNAUTHENTIC
  const parsed = receiptsSchema.safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  return { kind: 'read', deliveries: parsed.data.map(toDelivery), answer: TAKEN }
}

const toDelivery = (receipt: z.infer<typeof receiptsSchema>[number]): Delivery => ({
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
