import type { SandboxMessage } from '../../../channels/provider.ts'
import type { AccountId } from '../../../domain/ids.ts'
import { Problem } from '../../../domain/problems.ts'
import type { House } from '../../../flows/house.ts'
import { type Route, route } from '../route.ts'
import { sandboxAnswer, sandboxQuery } from '../schemas/sandbox.ts'
import { instantOf, phoneOfParameter } from '../schemas/texts.ts'

/** How far back a page looks: the inbox is one for all accounts, and shows each only its own. */
const LOOKED_AT_MAX = 500

/** What the sandbox provider "delivered", instead of a phone. */
export const sandboxRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/sandbox/messages',
    operationId: 'listSandboxMessages',
    tag: 'Sandbox',
    summary: 'Read what the sandbox provider delivered, newest first',
    description: 'Only where that provider is on. It shows codes, which is what it is for.',
    scopes: ['verify'],
    query: sandboxQuery,
    status: 200,
    answer: sandboxAnswer,
    problems: ['not_found'],
    handle: async ({ services, house, key, query }) => {
      if (!services.sandboxOn()) {
        throw new Problem('not_found', { detail: 'The sandbox provider is not on.' })
      }
      const to = query.to === undefined ? undefined : phoneOfParameter(query.to)
      const found = await house.sandbox.list({ to, limit: LOOKED_AT_MAX })
      const messages = await ownMessages(house, key.accountId, { found, limit: query.limit })
      return { messages: messages.map(toMessage) }
    },
  }),
]

/** The first `limit` messages whose send belongs to the account. */
async function ownMessages(
  { outbox }: Pick<House, 'outbox'>,
  accountId: AccountId,
  { found, limit }: { readonly found: readonly SandboxMessage[]; readonly limit: number },
): Promise<readonly SandboxMessage[]> {
  const own: SandboxMessage[] = []
  for (const message of found) {
    const send = await outbox.find(message.sendId)
    if (send?.accountId === accountId) own.push(message)
    if (own.length === limit) break
  }
  return own
}

const toMessage = (message: SandboxMessage) => ({
  id: message.id,
  to: message.to,
  body: message.body,
  channel: message.channel,
  send: message.sendId,
  provider: message.providerId,
  created_at: instantOf(message.createdAtMs),
})
