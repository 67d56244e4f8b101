import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'
import { costOf, segmentsIn } from '../../receipt-request.ts'

const STATUS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['queued', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
])

/** All others are `unknown`. */
const ERROR_KINDS = codeTable({
  content_refused: [10, 30, 110],
  invalid_number: [50, 70],
  unreachable: [80, 420],
  blocked_by_carrier: [100, 200],
  balance: [900],
  credentials: [910],
})
/** The vendor prices in this currency alone. */
const CURRENCY = 'USD'

type Told = Pick<Delivery, 'providerMessageId' | 'reference'> & {
  readonly status: string
  /** `000` where nothing went wrong. */
  readonly errorCode: string | null | undefined
  readonly units: unknown
  readonly totalAmount: unknown
}

/** Undefined for a status that is not on the list. */
export function deliveryOf(told: Told): Delivery | undefined {
  const status = STATUS.get(told.status)
  if (status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  const code = Number(told.errorCode) === 0 || told.errorCode == null ? told.status : told.errorCode
  return {
    providerMessageId: told.providerMessageId,
    reference: told.reference,
    status,
    error: isBad ? sendError(ERROR_KINDS.get(code) ?? 'unknown', code) : undefined,
    segments: segmentsIn(told.units),
    cost: costOf(told.totalAmount, CURRENCY),
  }
}
