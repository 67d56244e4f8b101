import { expect, test } from 'vitest'
import type { SandboxInbox, SandboxMessage } from '../../src/channels/provider.ts'
import { sandboxProvider } from '../../src/channels/providers/sandbox/provider.ts'
import {
  aMessage,
  aPlatform,
  DEADLINE_MS,
  NOW_MS,
  openProvider,
  providerSuite,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

/** An inbox in memory; the stored one has its own tests. */
function openInbox() {
  const messages: SandboxMessage[] = []
  const inbox: SandboxInbox = {
    put: async (message) => {
      messages.unshift(message)
    },
    list: async ({ limit }) => messages.slice(0, limit),
  }
  return { inbox, messages }
}

const open = (platform = aPlatform(scriptedFetch({ answer: undefined }).fetch)) => {
  const { inbox, messages } = openInbox()
  return {
    provider: openProvider(sandboxProvider, {}, { platform, sandbox: inbox }),
    inbox: messages,
  }
}

providerSuite({ kind: 'sandbox', open, wire: undefined })

test('what the sandbox accepts lies in the inbox, whole', async () => {
  const { provider, inbox } = open()
  const message = aMessage({ channel: 'voice' })
  const result = await provider.send(message, DEADLINE_MS)
  expect(inbox).toEqual([
    {
      id: result.kind === 'accepted' ? result.providerMessageId : '',
      sendId: message.id,
      to: message.to,
      body: message.body,
      channel: 'voice',
      providerId: 'name',
      createdAtMs: NOW_MS,
    },
  ])
})

test('the sandbox has no settings and no receipts', () => {
  expect(sandboxProvider.settings.safeParse({}).success).toBe(true)
  expect(sandboxProvider.settings.safeParse({ url: 'x' }).success).toBe(false)
  expect(open().provider.readReceipts).toBeUndefined()
})
