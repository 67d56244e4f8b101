import { defineProvider, type OutboundMessage, type ProviderDeps } from '../../provider.ts'
import { msisdnOf } from '../../vendor-call.ts'
import { readAnswer } from './answers.ts'
import { callSinch } from './call.ts'
import { querySinch } from './query.ts'
import { readSinchReceipts } from './receipts.ts'
import { type SinchSettings, sinchSettings } from './settings.ts'

/** Sinch SMS by its REST API: text messages in batches of one. README.md has the settings. */
export const sinchProvider = defineProvider({
  kind: 'sinch',
  settings: sinchSettings,
  create: (id, settings, deps) => {
    const caller = { platform: deps.platform, settings }
    return {
      id,
      channels: ['sms'],
      async send(message, deadlineMs) {
        const body = bodyOf(message, { settings, deps })
        const answer = await callSinch(caller, { path: 'batches', body }, deadlineMs)
        return answer.kind === 'answered' ? readAnswer(answer) : answer
      },
      readReceipts: async (request) => readSinchReceipts(request, settings),
      query: (sent, deadlineMs) => querySinch(caller, sent, deadlineMs),
    }
  },
})

type Around = { readonly settings: SinchSettings; readonly deps: ProviderDeps }

function bodyOf(message: OutboundMessage, { settings, deps }: Around) {
  return {
    to: [msisdnOf(message.to)],
    from: senderOf(message.from ?? settings.from),
    body: message.body,
    type: 'mt_text',
    delivery_report: 'per_recipient',
    callback_url: callbackOf(deps.receiptUrl, settings.receipt_token),
    client_reference: message.id,
    expire_at: new Date(deps.platform.nowMs() + message.validForMs).toISOString(),
  }
}

const senderOf = (from: string | undefined): string | undefined => from && msisdnOf(from)

const callbackOf = (receiptUrl: string | undefined, token: string | undefined) =>
  receiptUrl !== undefined && token !== undefined ? `${receiptUrl}/${token}` : receiptUrl
