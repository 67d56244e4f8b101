import type * as z from 'zod'
import { maskPhone } from '../../../domain/phone.ts'
import type { Send } from '../../../domain/send.ts'
import type { SendErrorKind } from '../../../domain/send-error.ts'
import type { Verification } from '../../../domain/verification.ts'
import type { BudgetReached } from '../../../flows/raise-events.ts'
import type { RangeBlock } from '../../../risk/ranges/blocks.ts'
import type { AccountEvent, ToldEvent } from '../../../webhooks/stores.ts'
import type { budgetData, messageData } from '../schemas/events.ts'
import { instantOf } from '../schemas/texts.ts'
import { toBatchAnswer } from './batches.ts'
import { toRangeBlockAnswer } from './range-blocks.ts'
import { toSendErrorAnswer } from './send-error.ts'
import { toVerificationAnswer } from './verification.ts'

/** The JSON that a webhook gets: the same words as the API's own answers, as things were when it happened. */
export function eventBody(told: ToldEvent): string {
  const { id, type, atMs } = told.event
  const data = dataOf(told)
  return JSON.stringify({ id, type, timestamp: instantOf(atMs), data })
}

function dataOf(told: ToldEvent): object {
  const { event, verification, batch } = told
  if (event.type.startsWith('verification.')) return verificationData(event, verification)
  if (event.type.startsWith('message.')) return toMessageData(told)
  if (event.type === 'batch.finished')
    return batch === undefined ? { id: event.batchId } : toBatchAnswer(batch, event.atMs)
  if (event.type === 'fraud.range_blocked') return rangeData(event)
  return event.type === 'budget.reached' ? toBudgetData(event) : event.data
}

type VerificationSnapshot = Pick<Verification, 'state' | 'attempts' | 'sends'> & {
  readonly closed_at_ms?: number
}

function verificationData(event: AccountEvent, verification: Verification | undefined): object {
  if (verification === undefined) return { id: event.verificationId }
  const { closed_at_ms: closedAtMs, ...then } = event.data as VerificationSnapshot
  return toVerificationAnswer({ ...verification, ...then, closedAtMs }, undefined, event.atMs)
}

type SendSnapshot = Pick<Send, 'status' | 'channel'> & {
  readonly service: Send['serviceId']
  readonly segments: number | null
  readonly error_kind: SendErrorKind | null
  readonly error_code: string | null
  readonly error_text: string | null
  readonly created_at_ms: number
}

function toMessageData(told: ToldEvent): z.input<typeof messageData> {
  const { sendId, verificationId, batchId, data } = told.event
  const then = data as SendSnapshot
  const { status, service, channel, segments, created_at_ms } = then
  const { phone } = told.verification ?? told.message ?? {}
  const reference = told.message?.reference
  return {
    id: sendId ?? '',
    status,
    ...(verificationId === undefined ? { batch: batchId } : { verification: verificationId }),
    ...(reference === undefined ? {} : { reference }),
    service,
    ...(phone === undefined ? {} : { to: maskPhone(phone) }),
    channel,
    ...(segments === null ? {} : { segments }),
    ...errorOf(then),
    created_at: instantOf(created_at_ms),
  }
}

function errorOf({ error_kind: kind, error_code: code, error_text: text }: SendSnapshot) {
  if (kind === null) return {}
  return { error: toSendErrorAnswer({ kind, code: code ?? kind, text: text ?? undefined }) }
}

function rangeData({ data }: AccountEvent): object {
  return toRangeBlockAnswer({ ...(data as Omit<RangeBlock, 'state'>), state: 'blocked' })
}

/** What the database wrote has null where a flow leaves something out. */
function toBudgetData({ data }: AccountEvent): z.input<typeof budgetData> {
  const reached = data as BudgetReached
  const { budget, serviceId, country, percent, unit, limit, used, currency } = reached
  const counted = typeof used === 'number'
  return {
    ...(budget === undefined ? {} : { budget }),
    ...(typeof serviceId === 'string' ? { service: serviceId } : {}),
    ...(typeof country === 'string' ? { country } : {}),
    period: reached.period,
    kind: reached.kind,
    level: reached.level,
    ...(percent === undefined ? {} : { share: percent / 100 }),
    ...(unit === 'sends' ? { limit_sends: limit } : { limit_micros: limit, currency }),
    ...(counted ? { [unit === 'sends' ? 'used_sends' : 'used_micros']: used } : {}),
    ends_at: instantOf(reached.endsAtMs),
  }
}
