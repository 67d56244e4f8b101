import * as z from 'zod'
import { times } from '../../../domain/money.ts'
import type { Cost, Delivery } from '../../../domain/send.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  costOf,
  hasToken,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { basicAuthorization, sameText } from '../../signing.ts'
import type { InfobipSettings } from './settings.ts'
import { deliveryStatusOf, errorOf, statusField } from './status.ts'

const REPORTS_MAX = 1000

/** One message as reports and logs tell it. */
const reportField = z.object({
  messageId: messageIdField,
  callbackData: z.string().nullish().catch(undefined),
  messageCount: z.unknown().optional(),
  price: z.object({ pricePerMessage: z.unknown(), currency: z.unknown() }).nullish().catch(null),
  status: statusField,
  error: statusField.omit({ groupId: true }).nullish().catch(null),
})
export const reportsSchema = z.object({ results: z.array(reportField).max(REPORTS_MAX) })
export type InfobipReport = z.infer<typeof reportField>

export function readInfobipReceipts(
  request: ReceiptRequest,
  settings: InfobipSettings,
): ReceiptReading {
  if (!isProven(request, settings)) return UNAUTHENTIC
  const reports = reportsSchema.safeParse(jsonBodyOf(request)).data?.results
  const deliveries = reports?.map(deliveryOf) ?? [undefined]
  return deliveries.every((one) => one !== undefined) ? { kind: 'read', deliveries } : MALFORMED
}

/** By the word in the address or by the profile's user and password: one is enough, since each way sends only its own. */
function isProven(
  request: ReceiptRequest,
  { receipt_token, receipt_basic }: InfobipSettings,
): boolean {
  if (hasToken(request, receipt_token)) return true
  if (receipt_basic === undefined) return false
  const expected = basicAuthorization(receipt_basic.user, receipt_basic.password)
  return sameText(request.headers.get('authorization'), expected)
}

/** Undefined for a status that is not on the list. */
export function deliveryOf(report: InfobipReport): Delivery | undefined {
  const status = deliveryStatusOf(report.status)
  if (status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  return {
    providerMessageId: report.messageId,
    reference: referenceOf(report.callbackData) ?? referenceOf(report.messageId),
    status,
    error: isBad ? errorOf(report.status, report.error ?? undefined) : undefined,
    segments: segmentsIn(report.messageCount),
    cost: wholeCostOf(report),
  }
}

/** The price is of one part. */
function wholeCostOf({ price, messageCount }: InfobipReport): Cost | undefined {
  const each = costOf(price?.pricePerMessage, price?.currency)
  const parts = segmentsIn(messageCount)
  return each && parts ? { ...each, micros: times(each.micros, parts) } : undefined
}
