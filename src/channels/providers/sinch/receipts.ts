import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  hasToken,
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  segmentsIn,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import type { SinchSettings } from './settings.ts'
import { isSignedBySinch } from './signature.ts'

const STATUS = {
  Queued: 'queued',
  Dispatched: 'sent',
  /** No report came from the operator, which says nothing about the phone. */
  Unknown: 'sent',
  Delivered: 'delivered',
  Expired: 'undelivered',
  Failed: 'undelivered',
  Rejected: 'undelivered',
  Deleted: 'undelivered',
  Aborted: 'failed',
  Cancelled: 'failed',
} as const satisfies Record<string, DeliveryStatus>
type SinchStatus = keyof typeof STATUS

/** The vendor's own codes; all others are those of the operator's message centre. */
const ERROR_KINDS = codeTable({
  unreachable: [402, 404, 406],
  provider_down: [403],
  content_refused: [411],
  balance: [413],
})

const statusFields = {
  code: z.int().optional().catch(undefined),
  status: z.enum(Object.keys(STATUS) as SinchStatus[]),
}
const common = { batch_id: messageIdField, client_reference: z.unknown().optional() }

/** The report of one recipient, which callbacks and look-ups share. */
export const reportFields = z.object({
  ...common,
  ...statusFields,
  number_of_message_parts: z.unknown().optional(),
})

const reportSchema = z.discriminatedUnion('type', [
  reportFields.extend({ type: z.literal('recipient_delivery_report_sms') }),
  /** Where the plan asks for whole batches; ours hold one message each. */
  z
    .object({
      ...common,
      type: z.literal('delivery_report_sms'),
      statuses: z.tuple([z.object(statusFields)]),
    })
    .transform(({ statuses: [status], ...batch }) => ({ ...batch, ...status })),
])
const otherSchema = z.object({ type: z.string().regex(/^mo_|_mms$/) })

export function readSinchReceipts(
  request: ReceiptRequest,
  settings: SinchSettings,
): ReceiptReading {
  if (!isProven(request, settings)) return UNAUTHENTIC
  const json = jsonBodyOf(request)
  const report = reportSchema.safeParse(json)
  if (report.success) return { kind: 'read', deliveries: [deliveryOf(report.data)] }
  return otherSchema.safeParse(json).success ? { kind: 'read', deliveries: [] } : MALFORMED
}

/** By whatever is configured; by nothing where nothing is. */
function isProven(
  request: ReceiptRequest,
  { webhook_secret, receipt_token }: SinchSettings,
): boolean {
  if (webhook_secret === undefined) return hasToken(request, receipt_token)
  if (receipt_token !== undefined && !hasToken(request, receipt_token)) return false
  return isSignedBySinch(request, webhook_secret)
}

type Report = Omit<z.infer<typeof reportFields>, 'number_of_message_parts'> & {
  readonly number_of_message_parts?: unknown
}

export function deliveryOf(report: Report): Delivery {
  const { batch_id, client_reference, code, status: theirs } = report
  const status = STATUS[theirs]
  const isBad = status === 'undelivered' || status === 'failed'
  const fallback = theirs === 'Expired' ? 'unreachable' : 'unknown'
  const kind = ERROR_KINDS.get(String(code)) ?? fallback
  return {
    providerMessageId: batch_id,
    reference: typeof client_reference === 'string' ? referenceOf(client_reference) : undefined,
    status,
    error: isBad ? sendError(kind, String(code ?? theirs), theirs) : undefined,
    segments: segmentsIn(report.number_of_message_parts),
    cost: undefined,
  }
}
