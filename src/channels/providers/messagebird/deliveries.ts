import type { DeliveryStatus } from '../../../domain/send.ts'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'

const STATUS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['scheduled', 'queued'],
  ['sent', 'sent'],
  ['buffered', 'sent'],
  ['delivered', 'delivered'],
  ['expired', 'undelivered'],
  ['delivery_failed', 'undelivered'],
])
export const deliveryStatusOf = (theirs: string): DeliveryStatus | undefined => STATUS.get(theirs)

/** By the reason in words; all others are `unknown`. */
const REASONS = codeTable({
  invalid_number: ['incorrect number', 'unknown subscriber'],
  unreachable: ['unavailable subscriber', 'expired'],
  blocked_by_carrier: ['opted out', 'carrier rejected'],
  balance: ['insufficient balance'],
  throttled: ['capacity limit reached'],
})

type Reason = { readonly words: string | undefined; readonly code: string | undefined }

/** Why a message in this status failed; undefined where it did not. */
export function errorOf(theirs: string, { words, code }: Reason): SendError | undefined {
  if (deliveryStatusOf(theirs) !== 'undelivered') return undefined
  const reason = words?.toLowerCase().replaceAll('_', ' ')
  const fallback = theirs === 'expired' ? 'unreachable' : 'unknown'
  return sendError(REASONS.get(reason ?? '') ?? fallback, code ?? theirs, words)
}
