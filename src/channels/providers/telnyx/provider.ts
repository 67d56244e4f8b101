import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { readAnswer } from './answers.ts'
import { callTelnyx } from './call.ts'
import { queryTelnyx } from './query.ts'
import { readTelnyxReceipts } from './receipts.ts'
import { type TelnyxSettings, telnyxSettings } from './settings.ts'

/** Telnyx: text messages. README.md has the settings. */
export const telnyxProvider = defineProvider({
  kind: 'telnyx',
  settings: telnyxSettings,
  create: (id, settings, { platform, receiptUrl }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, { settings, receiptUrl })
      const answer = await callTelnyx(
        { platform, settings },
        { path: 'messages', body },
        deadlineMs,
      )
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: (request) => readTelnyxReceipts(request, { settings, nowMs: platform.nowMs() }),
    query: (sent, deadlineMs) => queryTelnyx({ platform, settings }, sent, deadlineMs),
  }),
})

type Around = { readonly settings: TelnyxSettings; readonly receiptUrl: string | undefined }

/** Undefined fields do not go out. Without an address of ours the profile's own webhooks are left to work. */
const bodyOf = (message: OutboundMessage, { settings, receiptUrl }: Around) => ({
  from: message.from ?? settings.from,
  to: message.to,
  text: message.body,
  type: 'SMS',
  encoding: 'auto',
  messaging_profile_id: settings.messaging_profile_id,
  webhook_url: receiptUrl,
  use_profile_webhooks: receiptUrl === undefined ? undefined : false,
  tags: [message.id],
})
