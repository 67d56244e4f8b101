import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { newId } from '../../../domain/ids.ts'
import type { SendResult } from '../../../domain/send.ts'
import { defineProvider, type OutboundMessage, type ProviderDeps } from '../../provider.ts'

/** Delivers into our own inbox instead of a phone. For trying things and for tests: the text, code and all, can be read there. */
export const sandboxProvider = defineProvider({
  kind: 'sandbox',
  settings: z.strictObject({}),
  create: (id, _settings, deps) => ({
    id,
    channels: CHANNELS,
    send: (message) => deliver(id, message, deps),
  }),
})

async function deliver(
  providerId: string,
  message: OutboundMessage,
  { platform, sandbox }: ProviderDeps,
): Promise<SendResult> {
  const { id: sendId, to, body, channel } = message
  const providerMessageId = newId('SM', platform)
  await sandbox.put({
    id: providerMessageId,
    sendId,
    to,
    body,
    channel,
    providerId,
    createdAtMs: platform.nowMs(),
  })
  return { kind: 'accepted', providerMessageId, segments: undefined, cost: undefined }
}
