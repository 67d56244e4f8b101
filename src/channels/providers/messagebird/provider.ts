import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { msisdnOf } from '../../vendor-call.ts'
import { readAnswer } from './answers.ts'
import { callMessageBird } from './call.ts'
import { queryMessageBird } from './query.ts'
import { readMessageBirdReceipts } from './receipts.ts'
import { type MessageBirdSettings, messageBirdSettings } from './settings.ts'

/** MessageBird's REST API, which Bird keeps for the accounts of before: text messages. README.md has the settings. */
export const messageBirdProvider = defineProvider({
  kind: 'messagebird',
  settings: messageBirdSettings,
  create: (id, settings, { platform, receiptUrl }) => ({
    id,
    channels: ['sms'],
    receiptMethods: ['GET'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, { settings, receiptUrl })
      const answer = await callMessageBird({ platform, settings }, { body }, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) =>
      readMessageBirdReceipts(request, { settings, nowMs: platform.nowMs() }),
    query: (sent, deadlineMs) => queryMessageBird({ platform, settings }, sent, deadlineMs),
  }),
})

type Around = { readonly settings: MessageBirdSettings; readonly receiptUrl: string | undefined }

/** Only a message with a reference is reported on. */
const bodyOf = (message: OutboundMessage, { settings, receiptUrl }: Around) => ({
  originator: msisdnOf(message.from ?? settings.from),
  recipients: msisdnOf(message.to),
  body: message.body,
  reference: message.id,
  datacoding: 'auto',
  validity: Math.ceil(message.validForMs / 1000),
  reportUrl: receiptUrl,
})
