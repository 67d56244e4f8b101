import * as z from 'zod'
import type { SendResult } from '../../../../domain/send.ts'
import type { OutboundMessage } from '../../../provider.ts'
import { costOf, messageIdField, segmentsIn } from '../../../receipt-request.ts'
import { isOk } from '../../../vendor-call.ts'
import { refusalOf } from '../answers.ts'
import { type Caller, callbackFor, callTwilio } from '../call.ts'
import type { TwilioSettings } from '../settings.ts'

const VALIDITY_SECONDS_MAX = 36_000

export type SmsSettings = NonNullable<TwilioSettings['sms']>

type Sending = Caller & {
  readonly sms: SmsSettings
  readonly receiptUrl: string | undefined
}

const createdSchema = z.object({
  sid: messageIdField,
  /** Zero as long as a Messaging Service has not chosen a sender. */
  num_segments: z.unknown().optional(),
  /** Null as long as it is not known, which at this moment it never is. */
  price: z.unknown().optional(),
  price_unit: z.unknown().optional(),
})

export async function sendSms(
  { sms, receiptUrl, ...caller }: Sending,
  message: OutboundMessage,
  deadlineMs: number,
): Promise<SendResult> {
  const fields = {
    To: message.to,
    StatusCallback: callbackFor(receiptUrl, message.id),
    ValidityPeriod: String(validitySeconds(message.validForMs)),
    ...senderOf(message.from, sms),
    Body: message.body,
  }
  const request = { method: 'POST', resource: 'Messages.json', fields } as const
  const answer = await callTwilio(caller, request, deadlineMs)
  if (answer.kind !== 'answered') return answer
  const created = isOk(answer) ? createdSchema.safeParse(answer.json).data : undefined
  if (created === undefined) return refusalOf(answer)
  return {
    kind: 'accepted',
    providerMessageId: created.sid,
    segments: segmentsIn(created.num_segments),
    cost: costOf(created.price, created.price_unit),
  }
}

/** The service's own sender goes before the provider's. */
function senderOf(from: string | undefined, sms: SmsSettings) {
  if (from !== undefined) return { From: from }
  if ('from' in sms) return { From: sms.from }
  return { MessagingServiceSid: sms.messaging_service_sid }
}

const validitySeconds = (validForMs: number): number =>
  Math.min(VALIDITY_SECONDS_MAX, Math.max(1, Math.floor(validForMs / 1000)))
