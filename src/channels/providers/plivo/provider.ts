import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { readAnswer } from './answers.ts'
import { callPlivo, REFERENCE } from './call.ts'
import { queryPlivo } from './query.ts'
import { readPlivoReceipts } from './receipts.ts'
import { type PlivoSettings, plivoSettings } from './settings.ts'

/** Plivo: text messages. README.md has the settings. */
export const plivoProvider = defineProvider({
  kind: 'plivo',
  settings: plivoSettings,
  create: (id, settings, { platform, receiptUrl }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, { settings, receiptUrl })
      const answer = await callPlivo({ platform, settings }, { body }, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readPlivoReceipts(request, settings),
    query: (sent, deadlineMs) => queryPlivo({ platform, settings }, sent, deadlineMs),
  }),
})

type Around = { readonly settings: PlivoSettings; readonly receiptUrl: string | undefined }

/** `log` keeps the text, and so the code, out of the vendor's own logs. */
function bodyOf(message: OutboundMessage, { settings, receiptUrl }: Around) {
  const src = message.from ?? settings.from
  const callback =
    receiptUrl === undefined
      ? {}
      : { url: `${receiptUrl}?${REFERENCE}=${message.id}`, method: 'POST' }
  return {
    ...callback,
    type: 'sms',
    log: 'false',
    ...(src === undefined ? { powerpack_uuid: settings.powerpack_uuid } : { src }),
    dst: message.to,
    text: message.body,
  }
}
