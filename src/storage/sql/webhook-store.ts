import type { AccountId } from '../../domain/ids.ts'
import type { WebhookStore } from '../../webhooks/stores.ts'
import {
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookKey,
  type WebhookSettings,
} from '../../webhooks/webhook.ts'
import type { Statement } from '../database.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { statement } from './statements.ts'
import { secretContext, toWebhook, urlContext } from './webhook-rows.ts'

const ADD = `INSERT INTO webhooks (account_id, id, url_sealed, description, types, disabled_reason, disabled_at_ms,
failures, secret_sealed, created_at_ms, updated_at_ms)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?9
WHERE (SELECT count(*) FROM webhooks WHERE account_id = ?1) < ${WEBHOOKS_MAX} RETURNING id`

const FIND = 'SELECT * FROM webhooks WHERE account_id = ? AND id = ?'
const LIST = 'SELECT * FROM webhooks WHERE account_id = ? ORDER BY id'

/** Whoever disabled it first stays the reason. */
const CHANGE = `UPDATE webhooks SET
  url_sealed = coalesce(?3, url_sealed),
  description = iif(?4, ?5, description),
  types = coalesce(?6, types),
  disabled_reason = CASE ?7 WHEN 1 THEN NULL WHEN 0 THEN coalesce(disabled_reason, 'asked') ELSE disabled_reason END,
  disabled_at_ms = CASE ?7 WHEN 1 THEN NULL WHEN 0 THEN coalesce(disabled_at_ms, ?8) ELSE disabled_at_ms END,
  failing_since_ms = iif(?7 = 1, NULL, failing_since_ms),
  failures = iif(?7 = 1, 0, failures),
  updated_at_ms = ?8
WHERE account_id = ?1 AND id = ?2 RETURNING *`

const ROTATE = `UPDATE webhooks SET old_secret_sealed = secret_sealed, old_secret_until_ms = ?4, secret_sealed = ?3,
updated_at_ms = ?5 WHERE account_id = ?1 AND id = ?2 RETURNING *`

const REMOVE = 'DELETE FROM webhooks WHERE account_id = ? AND id = ? RETURNING id'

/** Webhooks on libSQL files, Turso and D1. */
export class SqlWebhookStore implements WebhookStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async add(webhook: Webhook): Promise<boolean> {
    const { vault, db } = this.#deps
    const { accountId, id, url, description, types, disabled, secret, createdAtMs } = webhook
    const added = await db.driver.all(
      statement(
        ADD,
        accountId,
        id,
        vault.seal(url, urlContext(id)),
        description ?? null,
        JSON.stringify(types),
        disabled?.reason ?? null,
        disabled?.atMs ?? null,
        vault.seal(secret, secretContext(id)),
        createdAtMs,
      ),
    )
    return added.length > 0
  }

  find({ accountId, id }: WebhookKey): Promise<Webhook | undefined> {
    return this.#one(statement(FIND, accountId, id))
  }

  async list(accountId: AccountId): Promise<readonly Webhook[]> {
    const { vault, db } = this.#deps
    const rows = await db.driver.all(statement(LIST, accountId))
    return rows.map((row) => toWebhook(vault, row))
  }

  change(
    { accountId, id }: WebhookKey,
    change: Partial<WebhookSettings>,
    nowMs: number,
  ): Promise<Webhook | undefined> {
    const { url, description, types, enabled } = change
    return this.#one(
      statement(
        CHANGE,
        accountId,
        id,
        url === undefined ? null : this.#deps.vault.seal(url, urlContext(id)),
        'description' in change ? 1 : 0,
        description ?? null,
        types === undefined ? null : JSON.stringify(types),
        enabled === undefined ? null : Number(enabled),
        nowMs,
      ),
    )
  }

  rotate(...[{ accountId, id }, secret, times]: Parameters<WebhookStore['rotate']>) {
    const sealed = this.#deps.vault.seal(secret, secretContext(id))
    return this.#one(statement(ROTATE, accountId, id, sealed, times.oldUntilMs, times.nowMs))
  }

  async remove({ accountId, id }: WebhookKey): Promise<boolean> {
    return (await this.#deps.db.driver.all(statement(REMOVE, accountId, id))).length > 0
  }

  async #one(wanted: Statement): Promise<Webhook | undefined> {
    const { vault, db } = this.#deps
    const [row] = await db.driver.all(wanted)
    return row === undefined ? undefined : toWebhook(vault, row)
  }
}
