import type { Delivery, DeliveryStatus } from '../../../../domain/send.ts'
import { type SendErrorKind, sendError } from '../../../../domain/send-error.ts'

/** Of receipts and reports. `unknown` is the vendor's own word: the carrier said nothing that can be understood. */
const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  submitted: 'sent',
  accepted: 'sent',
  buffered: 'sent',
  unknown: 'sent',
  delivered: 'delivered',
  expired: 'undelivered',
  failed: 'undelivered',
  rejected: 'undelivered',
  deleted: 'undelivered',
}

const ERROR: Readonly<Record<string, SendErrorKind>> = {
  2: 'unreachable',
  7: 'unreachable',
  8: 'unreachable',
  12: 'unreachable',
  15: 'unreachable',
  3: 'invalid_number',
  5: 'invalid_number',
  9: 'invalid_number',
  11: 'invalid_number',
  4: 'blocked_by_carrier',
  6: 'blocked_by_carrier',
  14: 'blocked_by_carrier',
  10: 'content_refused',
}

type Told = Pick<Delivery, 'providerMessageId' | 'reference'> & {
  readonly status: string
  readonly errorCode: string | undefined
  readonly cost?: Delivery['cost']
}

/** What a status of the vendor's means; undefined for one that is not known. */
export function textDelivery({ status: theirs, errorCode, ...told }: Told): Delivery | undefined {
  const status = STATUS[theirs]
  if (status === undefined) return undefined
  const code = errorCode === undefined || errorCode === '0' ? theirs : errorCode
  const error = sendError(ERROR[code] ?? 'unknown', code)
  return {
    segments: undefined,
    cost: undefined,
    ...told,
    status,
    error: status === 'undelivered' ? error : undefined,
  }
}
