import * as z from 'zod'
import type { Delivery } from '../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  formOf,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { proofOf, type Reader } from './proof.ts'
import { textDelivery } from './sms/deliveries.ts'
import { callDelivery, callSchema } from './voice/deliveries.ts'
import { REFERENCE } from './voice/send.ts'

const textSchema = z.object({
  messageId: messageIdField,
  status: z.string(),
  'err-code': z.union([z.string(), z.int().transform(String)]).optional(),
  'client-ref': z.string().optional(),
})

/** Receipts of texts, by GET or POST as the account is set up, and events of calls, one at a time. */
export function readVonageReceipts(request: ReceiptRequest, reader: Reader): ReceiptReading {
  const fields = fieldsOf(request)
  const proof = proofOf(request, fields, reader)
  if (proof === undefined) return UNAUTHENTIC
  const { api_key, currency } = reader.settings
  if (proof.apiKey !== undefined && proof.apiKey !== api_key) return { kind: 'forbidden' }
  const call = callSchema.safeParse(fields).data
  if (call !== undefined) {
    const reference = referenceOf(request.query.get(REFERENCE))
    return readingOf(callDelivery(call, { reference, currency }))
  }
  const text = textSchema.safeParse(fields).data
  if (text === undefined) return MALFORMED
  const told = {
    providerMessageId: text.messageId,
    reference: referenceOf(text['client-ref']),
    status: text.status,
    errorCode: text['err-code'],
  }
  return readingOf(textDelivery(told))
}

function fieldsOf(request: ReceiptRequest): unknown {
  if (request.method === 'GET') return Object.fromEntries(request.query)
  const isForm = request.headers
    .get('content-type')
    ?.startsWith('application/x-www-form-urlencoded')
  return isForm ? Object.fromEntries(formOf(request) ?? []) : jsonBodyOf(request)
}

const readingOf = (delivery: Delivery | undefined): ReceiptReading => ({
  kind: 'read',
  deliveries: delivery === undefined ? [] : [delivery],
})
