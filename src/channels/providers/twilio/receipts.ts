import * as z from 'zod'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  formOf,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { REFERENCE } from './call.ts'
import { deliveryOf } from './deliveries.ts'
import type { TwilioSettings } from './settings.ts'
import { isSignedByTwilio } from './signature.ts'

const codeField = z.union([z.string().regex(/^\d{5,6}$/), z.int().transform(String)])
const common = {
  AccountSid: z.string(),
  ErrorCode: codeField.optional().catch(undefined),
}
const callbackSchema = z.union([
  z
    .object({ ...common, MessageSid: messageIdField, MessageStatus: z.string() })
    .transform(({ MessageSid: id, MessageStatus: status, ...rest }) => ({ id, status, ...rest })),
  z
    .object({ ...common, CallSid: messageIdField, CallStatus: z.string() })
    .transform(({ CallSid: id, CallStatus: status, ...rest }) => ({ id, status, ...rest })),
])

/** Status callbacks of messages and calls, one at a time. */
export function readTwilioReceipts(
  request: ReceiptRequest,
  { auth_token, account_sid }: TwilioSettings,
): ReceiptReading {
  const { url, body, headers } = request
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  const form = isForm ? formOf(request) : undefined
  if (!isSignedByTwilio({ url, body, form }, headers.get('x-twilio-signature'), auth_token)) {
    return UNAUTHENTIC
  }
  const fields = form === undefined ? jsonBodyOf(request) : Object.fromEntries(form)
  const parsed = callbackSchema.safeParse(fields)
  if (!parsed.success) return MALFORMED
  const { id: providerMessageId, status, AccountSid, ErrorCode: errorCode } = parsed.data
  if (AccountSid !== account_sid) return { kind: 'forbidden' }
  const reference = referenceOf(request.query.get(REFERENCE))
  const delivery = deliveryOf({ providerMessageId, reference, status, errorCode })
  return { kind: 'read', deliveries: delivery === undefined ? [] : [delivery] }
}
