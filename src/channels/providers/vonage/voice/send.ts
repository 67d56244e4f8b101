import * as z from 'zod'
import { failed, type SendResult } from '../../../../domain/send.ts'
import type { OutboundMessage } from '../../../provider.ts'
import { spokenText, voiceLanguageOf } from '../../../spoken.ts'
import { isOk, msisdnOf, outcomeOfStatus, type VendorAnswer } from '../../../vendor-call.ts'
import { type Caller, callApplication } from '../call.ts'
import type { VonageSettings } from '../settings.ts'
import { VONAGE_LANGUAGES } from './languages.ts'

/** Long enough to say everything twice, slowly. */
const LENGTH_SECONDS = 120

type Calling = Caller & {
  readonly voice: NonNullable<VonageSettings['voice']>
  readonly callback: string | undefined
}

const createdSchema = z.object({ uuid: z.guid() })
const errorSchema = z.object({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
})

export async function placeCall(
  { voice, callback, ...caller }: Calling,
  message: OutboundMessage,
  deadlineMs: number,
): Promise<SendResult> {
  const language = voiceLanguageOf(VONAGE_LANGUAGES, message.template.locale)
  if (language === undefined) return failed('template_refused', 'no_language')
  const json = {
    to: [{ type: 'phone', number: msisdnOf(message.to) }],
    from: { type: 'phone', number: voice.from },
    ncco: [{ action: 'talk', text: spokenText(message), language, style: 0, loop: 2 }],
    // The vendor echoes nothing of ours, so our id goes along in the address that it calls.
    event_url: callback && [`${callback}?${REFERENCE}=${message.id}`],
    ringing_timer: voice.ring_seconds,
    length_timer: LENGTH_SECONDS,
  }
  const url = `${caller.settings.api_endpoint}/v1/calls`
  const answer = await callApplication(caller, { url, json }, deadlineMs)
  return answer.kind === 'answered' ? readCreated(answer) : answer
}
export const REFERENCE = 'reference'

function readCreated(answer: VendorAnswer): SendResult {
  const created = isOk(answer) ? createdSchema.safeParse(answer.json).data : undefined
  if (created === undefined) return callRefusal(answer)
  const { uuid: providerMessageId } = created
  return { kind: 'accepted', providerMessageId, segments: undefined, cost: undefined }
}

/** Errors have words and no codes, so the status says what they mean. */
export function callRefusal(answer: VendorAnswer) {
  const said = errorSchema.safeParse(answer.json).data
  return outcomeOfStatus(answer, { text: said?.detail ?? said?.title })
}
