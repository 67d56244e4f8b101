import { failed } from '../../../domain/send.ts'
import { defineProvider } from '../../provider.ts'
import { keyOnce } from './call.ts'
import { queryVonage } from './query.ts'
import { readVonageReceipts } from './receipts.ts'
import { type VonageSettings, vonageSettings } from './settings.ts'
import { sendSms } from './sms/send.ts'
import { placeCall } from './voice/send.ts'

/** Vonage: text messages and calls that speak the code. README.md has the settings. */
export const vonageProvider = defineProvider({
  kind: 'vonage',
  settings: vonageSettings,
  create: (id, settings, { platform, receiptUrl }) => {
    const { sms, voice } = settings
    const caller = { platform, settings, key: keyOnce(voice?.private_key) }
    const callback = callbackOf(receiptUrl, settings)
    return {
      id,
      channels: [...(sms ? (['sms'] as const) : []), ...(voice ? (['voice'] as const) : [])],
      receiptMethods: ['GET', 'POST'],
      send: async (message, deadlineMs) => {
        if (message.channel === 'sms' && sms) {
          return sendSms({ ...caller, sms, callback }, message, deadlineMs)
        }
        if (message.channel === 'voice' && voice) {
          return placeCall({ ...caller, voice, callback }, message, deadlineMs)
        }
        return failed('unknown', 'no_such_channel')
      },
      readReceipts: async (request) =>
        readVonageReceipts(request, { settings, nowMs: platform.nowMs() }),
      query: (sent, deadlineMs) => queryVonage(caller, sent, deadlineMs),
    }
  },
})

/** With the secret word at its end, where that is what proves a receipt. */
function callbackOf(receiptUrl: string | undefined, settings: VonageSettings): string | undefined {
  const { signature_secret, receipt_token } = settings
  if (receiptUrl === undefined || signature_secret !== undefined) return receiptUrl
  return receipt_token && `${receiptUrl}/${receipt_token}`
}
