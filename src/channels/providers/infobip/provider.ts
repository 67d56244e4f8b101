import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { readAnswer } from './answers.ts'
import { callInfobip } from './call.ts'
import { queryInfobip } from './query.ts'
import { readInfobipReceipts } from './receipts.ts'
import { type InfobipSettings, infobipSettings } from './settings.ts'

const MINUTE_MS = 60_000
const VALIDITY_MAX_MINUTES = 48 * 60

/** Infobip SMS, API version 3: text messages. README.md has the settings. */
export const infobipProvider = defineProvider({
  kind: 'infobip',
  settings: infobipSettings,
  create: (id, settings, { platform, receiptUrl }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, { settings, receiptUrl })
      const request = { path: '/sms/3/messages', body }
      const answer = await callInfobip({ platform, settings }, request, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readInfobipReceipts(request, settings),
    query: (sent, deadlineMs) => queryInfobip({ platform, settings }, sent, deadlineMs),
  }),
})

type Around = { readonly settings: InfobipSettings; readonly receiptUrl: string | undefined }

function bodyOf(message: OutboundMessage, { settings, receiptUrl }: Around) {
  const { id, to, from = settings.from, body: text, validForMs } = message
  const minutes = Math.min(Math.ceil(validForMs / MINUTE_MS), VALIDITY_MAX_MINUTES)
  return {
    messages: [
      {
        sender: from.replace(/^\+/, ''),
        destinations: [{ to: to.slice(1), messageId: id }],
        content: { text },
        options: {
          validityPeriod: { amount: minutes, timeUnit: 'MINUTES' },
          regional: regionalOf(settings),
        },
        webhooks: webhooksOf(id, { settings, receiptUrl }),
      },
    ],
    options: { includeSmsCountInResponse: true },
  }
}

const regionalOf = ({ india_dlt }: InfobipSettings) =>
  india_dlt && {
    indiaDlt: {
      principalEntityId: india_dlt.principal_entity_id,
      contentTemplateId: india_dlt.content_template_id,
    },
  }

/** An address goes along only where its secret word would be believed; else a profile of the account reports. */
function webhooksOf(id: string, { settings: { receipt_token }, receiptUrl }: Around) {
  if (receiptUrl === undefined || receipt_token === undefined) return { callbackData: id }
  return {
    delivery: { url: `${receiptUrl}/${receipt_token}`, intermediateReport: false },
    contentType: 'application/json',
    callbackData: id,
  }
}
