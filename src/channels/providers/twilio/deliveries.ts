import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { type SendErrorKind, sendError } from '../../../domain/send-error.ts'

/** Of messages and calls; others, such as those of incoming ones, say nothing about a delivery. */
const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
  initiated: 'queued',
  ringing: 'sent',
  'in-progress': 'sent',
  completed: 'delivered',
  busy: 'undelivered',
  'no-answer': 'undelivered',
}

const ERROR: Readonly<Record<string, SendErrorKind>> = {
  30001: 'throttled',
  30017: 'throttled',
  30022: 'throttled',
  30023: 'throttled',
  30027: 'throttled',
  63018: 'throttled',
  30002: 'credentials',
  30003: 'unreachable',
  63003: 'unreachable',
  63024: 'unreachable',
  busy: 'unreachable',
  'no-answer': 'unreachable',
  30004: 'blocked_by_carrier',
  /** The vendor's own protection against pumping. */
  30450: 'blocked_by_carrier',
  30005: 'invalid_number',
  30006: 'invalid_number',
  30007: 'content_refused',
}

type Told = Pick<Delivery, 'providerMessageId' | 'reference'> & {
  readonly status: string
  /** The vendor's number for what went wrong. */
  readonly errorCode: string | undefined
} & Partial<Pick<Delivery, 'segments' | 'cost'>>

/** What a status of the vendor's means; undefined for one that is no delivery. */
export function deliveryOf({ status: theirs, errorCode, ...told }: Told): Delivery | undefined {
  const status = STATUS[theirs]
  if (status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  const code = errorCode ?? theirs
  return {
    segments: undefined,
    cost: undefined,
    ...told,
    status,
    error: isBad ? sendError(ERROR[code] ?? 'unknown', code) : undefined,
  }
}
