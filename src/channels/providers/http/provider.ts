import { CHANNELS } from '../../../domain/channel.ts'
import { micros } from '../../../domain/money.ts'
import type { SendResult } from '../../../domain/send.ts'
import { untilAborted } from '../../bounded-body.ts'
import { fetchFailure } from '../../fetch-failure.ts'
import { defineProvider, type OutboundMessage, type ProviderDeps } from '../../provider.ts'
import { readAnswer } from './answers.ts'
import { readHttpReceipts } from './receipts.ts'
import { requestBody } from './request-body.ts'
import { type HttpSettings, httpSettingsSchema } from './settings.ts'

/** The operator's own gateway: one POST, one answer, and receipts under a shared token. README.md has the protocol. */
export const httpProvider = defineProvider({
  kind: 'http',
  settings: httpSettingsSchema,
  create: (id, settings, deps) => ({
    id,
    channels: CHANNELS,
    async send(message, deadlineMs) {
      const leftMs = Math.min(settings.timeout_ms, deadlineMs - deps.platform.nowMs())
      if (leftMs <= 0) return { kind: 'failed', upstreamCode: 'deadline_passed' }
      const signal = AbortSignal.timeout(Math.ceil(leftMs))
      const response = await post(deps, toRequest(message, settings), signal)
      if ('kind' in response) return response
      const segmentCost = micros(deps.costMicros)
      return readAnswer(response, { segments: message.segments, segmentCost, signal })
    },
    readReceipts: (request) =>
      readHttpReceipts(request, { id, receiptToken: settings.receipt_token }),
  }),
})

type Outgoing = { readonly url: string; readonly init: RequestInit }

function toRequest(message: OutboundMessage, settings: HttpSettings): Outgoing {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' })
  for (const [name, value] of Object.entries(settings.headers)) headers.set(name, value)
  headers.set('idempotency-key', message.id)
  const body = requestBody(message, settings)
  return { url: settings.url, init: { method: 'POST', redirect: 'manual', headers, body } }
}

async function post(
  { platform: { fetch } }: ProviderDeps,
  { url, init }: Outgoing,
  signal: AbortSignal,
): Promise<Response | Extract<SendResult, { kind: 'failed' | 'unknown' }>> {
  try {
    return await untilAborted(fetch(url, { ...init, signal }), signal)
  } catch (error) {
    return fetchFailure(error)
  }
}
