import * as z from 'zod'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  formOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { REFERENCE } from './call.ts'
import { deliveryOf } from './deliveries.ts'
import type { PlivoSettings } from './settings.ts'
import { isSignedByPlivo } from './signature.ts'

const callbackSchema = z.object({
  MessageUUID: messageIdField,
  /** Where a part of a longer message reports, the message that we know. */
  ParentMessageUUID: messageIdField.optional().catch(undefined),
  Status: z.string(),
  ErrorCode: z.string().optional(),
  Units: z.string().optional(),
  TotalAmount: z.string().optional(),
})

/** One message or one of its parts at a time. */
export function readPlivoReceipts(
  request: ReceiptRequest,
  { auth_token, main_auth_token }: PlivoSettings,
): ReceiptReading {
  const form = formOf(request)
  if (form === undefined) return MALFORMED
  const tokens = { authToken: auth_token, mainAuthToken: main_auth_token ?? auth_token }
  if (!isSignedByPlivo({ ...request, form }, tokens)) return UNAUTHENTIC
  const parsed = callbackSchema.safeParse(Object.fromEntries(form))
  if (!parsed.success) return MALFORMED
  const { MessageUUID, ParentMessageUUID, Status, ErrorCode, Units, TotalAmount } = parsed.data
  const delivery = deliveryOf({
    providerMessageId: ParentMessageUUID ?? MessageUUID,
    reference: referenceOf(request.query.get(REFERENCE)),
    status: Status,
    errorCode: ErrorCode,
    units: Units,
    totalAmount: TotalAmount,
  })
  return delivery === undefined ? MALFORMED : { kind: 'read', deliveries: [delivery] }
}
