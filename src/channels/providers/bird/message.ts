import * as z from 'zod'
import type { Cost, Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'
import { costOf, messageIdField, referenceOf } from '../../receipt-request.ts'
import { REFERENCE } from './call.ts'

/** As statuses say it, and the ends of event names. */
const STATUS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['scheduled', 'queued'],
  ['accepted', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['undelivered', 'undelivered'],
  ['expired', 'undelivered'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
  ['canceled', 'failed'],
])
export const deliveryStatusOf = (theirs: string): DeliveryStatus | undefined => STATUS.get(theirs)

/** All others are `unknown`. */
export const ERROR_KINDS = codeTable({
  invalid_number: ['invalid_destination', 'landline_unreachable'],
  unreachable: ['unreachable'],
  blocked_by_carrier: ['blocked_by_carrier', 'blocked_by_recipient', 'recipient_opted_out'],
  content_refused: ['content_rejected'],
  balance: ['insufficient_balance'],
  provider_down: ['provider_unavailable'],
})

export const errorField = z
  .object({ code: z.string().min(1), description: z.string().optional().catch(undefined) })
  .nullish()
  .catch(undefined)
export type BirdError = z.infer<typeof errorField>

/** What messages and events share. */
export const messageFields = {
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  segments: z.object({ count: z.unknown() }).optional().catch(undefined),
  cost: z
    .object({
      amount: z.unknown(),
      currency_code: z.unknown(),
      transaction_amount: z.unknown().optional(),
    })
    .nullish()
    .catch(undefined),
}
/** A message as answers and look-ups tell it. */
export const messageSchema = z.object({
  ...messageFields,
  id: messageIdField,
  status: z.string(),
  last_error: errorField,
})
export type BirdMessage = z.infer<typeof messageSchema>

const fieldsSchema = z.object(messageFields)
type Fields = z.infer<typeof fieldsSchema>

/** Undefined while only the fees that are passed on are priced: what a message costs is more than them. */
export function priceOf({ cost }: Fields): Cost | undefined {
  return cost?.transaction_amount === null ? undefined : costOf(cost?.amount, cost?.currency_code)
}

export const sendOf = ({ metadata }: Fields): Delivery['reference'] => {
  const reference = metadata?.[REFERENCE]
  return typeof reference === 'string' ? referenceOf(reference) : undefined
}

/** Why a message in this status failed; undefined where it did not. */
export function errorOf(theirs: string, error: BirdError): SendError | undefined {
  const status = deliveryStatusOf(theirs)
  if (status !== 'undelivered' && status !== 'failed') return undefined
  const code = error?.code ?? theirs
  const fallback = theirs === 'expired' ? 'unreachable' : 'unknown'
  return sendError(ERROR_KINDS.get(code) ?? fallback, code, error?.description)
}
