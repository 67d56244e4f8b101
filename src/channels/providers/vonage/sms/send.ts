import { isGsm7 } from '../../../../domain/gsm7.ts'
import type { SendResult } from '../../../../domain/send.ts'
import type { OutboundMessage } from '../../../provider.ts'
import { msisdnOf } from '../../../vendor-call.ts'
import { type Caller, callAccount } from '../call.ts'
import type { VonageSettings } from '../settings.ts'
import { readAnswer } from './answers.ts'

const TTL_MIN_MS = 20_000
const TTL_MAX_MS = 604_800_000

type Sending = Caller & {
  readonly sms: NonNullable<VonageSettings['sms']>
  readonly callback: string | undefined
}

export async function sendSms(
  { sms, callback, ...caller }: Sending,
  message: OutboundMessage,
  deadlineMs: number,
): Promise<SendResult> {
  const json = {
    to: msisdnOf(message.to),
    from: message.from === undefined ? sms.from : msisdnOf(message.from),
    text: message.body,
    // The vendor does not look at the text: what GSM-7 cannot say would arrive as question marks.
    type: isGsm7(message.body) ? 'text' : 'unicode',
    ttl: Math.min(TTL_MAX_MS, Math.max(TTL_MIN_MS, message.validForMs)),
    'status-report-req': true,
    callback,
    'client-ref': message.id,
    'entity-id': sms.entity_id,
    'content-id': sms.content_id,
  }
  const { rest_endpoint, currency } = caller.settings
  const answer = await callAccount(caller, { url: `${rest_endpoint}/sms/json`, json }, deadlineMs)
  return answer.kind === 'answered' ? readAnswer(answer, currency) : answer
}
