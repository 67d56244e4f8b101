import * as z from 'zod'
import type { DeliveryStatus } from '../../../domain/send.ts'
import { type SendError, type SendErrorKind, sendError } from '../../../domain/send-error.ts'
import { codeTable } from '../../code-table.ts'

/** What the vendor says of a message, in answers, reports and logs alike. */
export const statusField = z.object({
  groupId: z.int(),
  id: z.int(),
  name: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
})
export type InfobipStatus = z.infer<typeof statusField>

export const GROUP = {
  PENDING: 1,
  UNDELIVERABLE: 2,
  DELIVERED: 3,
  EXPIRED: 4,
  REJECTED: 5,
} as const
const DELIVERED_TO_HANDSET = 5

/** By `status.id`; all others are `unknown`. */
export const STATUS_KINDS = codeTable({
  invalid_number: [8, 51, 52],
  blocked_by_carrier: [10, 14, 87],
  balance: [12, 17],
  throttled: [20],
  content_refused: [24, 25],
})

/** By `error.id`, which reports add to the status. */
const ERROR_KINDS = codeTable({
  invalid_number: [1, 5, 9, 11, 351, 352, 629],
  unreachable: [6, 27, 31, 32, 628],
  blocked_by_carrier: [13, 566, 573, 604, 608, 2050, 2052, 3041],
  content_refused: [561, 603, 607],
  throttled: [541, 542, 4103, 4104],
})

/** Of the delivered ones only one has reached the phone; the others have reached an operator. */
const STATUS_OF_GROUP: ReadonlyMap<number, DeliveryStatus> = new Map([
  [GROUP.PENDING, 'queued'],
  [GROUP.UNDELIVERABLE, 'undelivered'],
  [GROUP.DELIVERED, 'sent'],
  [GROUP.EXPIRED, 'undelivered'],
  [GROUP.REJECTED, 'failed'],
])

/** Undefined for a group that is not on the list. */
export const deliveryStatusOf = ({ groupId, id }: InfobipStatus): DeliveryStatus | undefined =>
  groupId === GROUP.DELIVERED && id === DELIVERED_TO_HANDSET
    ? 'delivered'
    : STATUS_OF_GROUP.get(groupId)

type Reason = Omit<InfobipStatus, 'groupId'>
const NO_ERROR = 0

/** Why a message failed: by its error where one is told, else by its status. */
export function errorOf(status: InfobipStatus, reason: Reason | undefined): SendError {
  const told = reason === undefined || reason.id === NO_ERROR ? undefined : reason
  const fallback: SendErrorKind = status.groupId === GROUP.EXPIRED ? 'unreachable' : 'unknown'
  const kind =
    (told && ERROR_KINDS.get(String(told.id))) ?? STATUS_KINDS.get(String(status.id)) ?? fallback
  const { id, name, description } = told ?? status
  return sendError(kind, String(id), description ?? name)
}
