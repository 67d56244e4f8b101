import * as z from 'zod'
import { failed, type SendResult } from '../../../../domain/send.ts'
import type { OutboundMessage } from '../../../provider.ts'
import { messageIdField } from '../../../receipt-request.ts'
import { spokenText, voiceLanguageOf } from '../../../spoken.ts'
import { isOk } from '../../../vendor-call.ts'
import { refusalOf } from '../answers.ts'
import { type Caller, callbackFor, callTwilio } from '../call.ts'
import type { TwilioSettings } from '../settings.ts'
import { TWILIO_LANGUAGES } from './languages.ts'
import { sayTwice } from './twiml.ts'

export type VoiceSettings = NonNullable<TwilioSettings['voice']>

type Calling = Caller & {
  readonly voice: VoiceSettings
  readonly receiptUrl: string | undefined
}

/** The first tells us of a call whose own answer was lost. Ringing tells nothing that matters. */
const EVENTS = ['initiated', 'answered', 'completed'] as const

const createdSchema = z.object({ sid: messageIdField })

export async function placeCall(
  { voice, receiptUrl, ...caller }: Calling,
  message: OutboundMessage,
  deadlineMs: number,
): Promise<SendResult> {
  const language = voiceLanguageOf(TWILIO_LANGUAGES, message.template.locale)
  if (language === undefined) return failed('template_refused', 'no_language')
  const callback = callbackFor(receiptUrl, message.id)
  const fields = {
    To: message.to,
    From: voice.from,
    StatusCallback: callback,
    StatusCallbackEvent: callback && EVENTS,
    Timeout: String(voice.ring_seconds),
    Twiml: sayTwice(spokenText(message), language),
  }
  const request = { method: 'POST', resource: 'Calls.json', fields } as const
  const answer = await callTwilio(caller, request, deadlineMs)
  if (answer.kind !== 'answered') return answer
  const created = isOk(answer) ? createdSchema.safeParse(answer.json).data : undefined
  if (created === undefined) return refusalOf(answer)
  return {
    kind: 'accepted',
    providerMessageId: created.sid,
    segments: undefined,
    cost: undefined,
  }
}
