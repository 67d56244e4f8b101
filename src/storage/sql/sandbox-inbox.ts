import type { SandboxInbox, SandboxMessage } from '../../channels/provider.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SendId } from '../../domain/ids.ts'
import type { Phone } from '../../domain/phone.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row } from '../database.ts'
import { phoneHashOf, type SqlStoreDeps } from './privacy.ts'
import { insertInto, statement } from './statements.ts'

const insertMessage = insertInto('sandbox_messages', [
  'id',
  'send_id',
  'phone_hash',
  'private_sealed',
  'channel',
  'provider_id',
  'created_at_ms',
])

const contextOf = (id: string): string => `sandbox:${id}`

/** What the sandbox "delivered", readable by the process that put it there and by every other on the same database. */
export class SqlSandboxInbox implements SandboxInbox {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async put(message: SandboxMessage): Promise<void> {
    const { db, vault } = this.#deps
    const { to, body } = message
    await db.driver.all(
      insertMessage({
        id: message.id,
        send_id: message.sendId,
        phone_hash: phoneHashOf(vault, to),
        private_sealed: vault.seal(JSON.stringify({ to, body }), contextOf(message.id)),
        channel: message.channel,
        provider_id: message.providerId,
        created_at_ms: message.createdAtMs,
      }),
    )
  }

  async list({
    to,
    limit,
  }: {
    to: string | undefined
    limit: number
  }): Promise<readonly SandboxMessage[]> {
    const { db, vault } = this.#deps
    const query =
      to === undefined
        ? statement('SELECT * FROM sandbox_messages ORDER BY id DESC LIMIT ?', limit)
        : statement(
            'SELECT * FROM sandbox_messages WHERE phone_hash = ? ORDER BY id DESC LIMIT ?',
            phoneHashOf(vault, to),
            limit,
          )
    return (await db.driver.all(query)).map((row) => toMessage(vault, row))
  }
}

function toMessage(vault: Vault, row: Row): SandboxMessage {
  const id = row.id as string
  const details = JSON.parse(vault.open(row.private_sealed as string, contextOf(id))) as {
    to: Phone
    body: string
  }
  return {
    id,
    sendId: row.send_id as SendId,
    ...details,
    channel: row.channel as Channel,
    providerId: row.provider_id as string,
    createdAtMs: row.created_at_ms as number,
  }
}
