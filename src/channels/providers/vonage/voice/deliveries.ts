import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../../domain/send.ts'
import { type SendErrorKind, sendError } from '../../../../domain/send-error.ts'
import { costOf } from '../../../receipt-request.ts'

/** Of events and records; others, such as `transfer`, say nothing about the code. */
const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  started: 'queued',
  ringing: 'sent',
  human: 'sent',
  answered: 'sent',
  completed: 'delivered',
  machine: 'undelivered',
  busy: 'undelivered',
  timeout: 'undelivered',
  unanswered: 'undelivered',
  rejected: 'undelivered',
  failed: 'failed',
  cancelled: 'failed',
}
const ERROR: Readonly<Record<string, SendErrorKind>> = {
  machine: 'unreachable',
  busy: 'unreachable',
  timeout: 'unreachable',
  unanswered: 'unreachable',
}

export const callSchema = z.object({
  uuid: z.guid(),
  /** Of some events there is none. */
  status: z.string().default(''),
  /** Seconds, as a number or its digits. */
  duration: z.union([z.string(), z.number()]).nullish().catch(undefined),
  detail: z.string().nullish().catch(undefined),
  price: z.unknown().optional(),
})
type VonageCall = z.infer<typeof callSchema>

type Context = Pick<Delivery, 'reference'> & { readonly currency: string | undefined }

/** What an event or a record of a call means; undefined for what says nothing. */
export function callDelivery(
  call: VonageCall,
  { reference, currency }: Context,
): Delivery | undefined {
  const status = statusOf(call)
  if (status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  return {
    providerMessageId: call.uuid,
    reference,
    status,
    error: isBad
      ? sendError(ERROR[call.status] ?? 'unknown', call.status, call.detail ?? undefined)
      : undefined,
    segments: undefined,
    cost: costOf(call.price, currency),
  }
}

/** A call that ended without having lasted was never answered. */
function statusOf({ status, duration }: VonageCall): DeliveryStatus | undefined {
  if (status === 'completed' && Number(duration ?? 0) === 0) return 'undelivered'
  return STATUS[status]
}
