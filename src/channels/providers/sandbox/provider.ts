import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { newId } from '../../../domain/ids.ts'
import type { SendResult } from '../../../domain/send.ts'
import {
  defineProvider,
  type OutboundMessage,
  type ProviderDeps,
  type QueryResult,
  type SentReference,
} from '../../provider.ts'

/** Delivers into our own inbox instead of a phone. For trying things and for tests: the text, code and all, can be read there. */
export const sandboxProvider = defineProvider({
  kind: 'sandbox',
  settings: z.strictObject({}),
  create: (id, _settings, deps) => ({
    id,
    channels: CHANNELS,
    send: (message) => deliver(id, message, deps),
    query: (sent) => lookUp(sent, deps),
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

const LOOKED_AT = 1_000

/** Nobody reads an inbox for its owner: what is there was sent, and no more is known of it. */
async function lookUp(
  { id, to }: SentReference,
  { sandbox }: Pick<ProviderDeps, 'sandbox'>,
): Promise<QueryResult> {
  const messages = await sandbox.list({ to, limit: LOOKED_AT })
  const found = messages.find(({ sendId }) => sendId === id)
  if (found === undefined) return { kind: 'absent' }
  const told = { error: undefined, segments: undefined, cost: undefined }
  const delivery = { providerMessageId: found.id, reference: id, status: 'sent', ...told } as const
  return { kind: 'found', delivery }
}
