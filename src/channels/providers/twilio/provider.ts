import { failed } from '../../../domain/send.ts'
import { defineProvider } from '../../provider.ts'
import { queryTwilio } from './query.ts'
import { readTwilioReceipts } from './receipts.ts'
import { twilioSettings } from './settings.ts'
import { sendSms } from './sms/send.ts'
import { placeCall } from './voice/send.ts'

/** Twilio: text messages and calls that speak the code. README.md has the settings. */
export const twilioProvider = defineProvider({
  kind: 'twilio',
  settings: twilioSettings,
  create: (id, settings, { platform, receiptUrl }) => {
    const { sms, voice } = settings
    const caller = { platform, settings, receiptUrl }
    return {
      id,
      channels: [...(sms ? (['sms'] as const) : []), ...(voice ? (['voice'] as const) : [])],
      send: async (message, deadlineMs) => {
        if (message.channel === 'sms' && sms) {
          return sendSms({ ...caller, sms }, message, deadlineMs)
        }
        if (message.channel === 'voice' && voice) {
          return placeCall({ ...caller, voice }, message, deadlineMs)
        }
        return failed('unknown', 'no_such_channel')
      },
      readReceipts: async (request) => readTwilioReceipts(request, settings),
      query: (sent, deadlineMs) => queryTwilio({ platform, settings }, sent, deadlineMs),
    }
  },
})
