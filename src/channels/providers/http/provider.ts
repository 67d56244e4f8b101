import { CHANNELS } from '../../../domain/channel.ts'
import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { callVendor, type VendorRequest } from '../../vendor-call.ts'
import { readAnswer } from './answers.ts'
import { readHttpReceipts } from './receipts.ts'
import { requestBody } from './request-body.ts'
import { type HttpSettings, httpSettingsSchema } from './settings.ts'

/** The operator's own gateway: one POST, one answer, and receipts under a shared token. README.md has the protocol. */
export const httpProvider = defineProvider({
  kind: 'http',
  settings: httpSettingsSchema,
  create: (id, settings, { platform }) => ({
    id,
    channels: CHANNELS,
    async send(message, deadlineMs) {
      const request = toRequest(message, settings)
      const limits = { platform, deadlineMs, timeoutMs: settings.timeout_ms }
      const answer = await callVendor(request, limits)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readHttpReceipts(request, settings.receipt_token),
  }),
})

function toRequest(message: OutboundMessage, settings: HttpSettings): VendorRequest {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' })
  for (const [name, value] of Object.entries(settings.headers)) headers.set(name, value)
  headers.set('idempotency-key', message.id)
  return { url: settings.url, headers, body: requestBody(message, settings) }
}
