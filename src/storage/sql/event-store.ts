import { type AccountId, type EventId, firstIdAt, type WebhookId } from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import type { EventType } from '../../webhooks/event-types.ts'
import { TRIED_FOR_MS } from '../../webhooks/schedule.ts'
import type {
  AccountEvent,
  Delivery,
  DeliveryPage,
  DeliveryStatus,
  EventStore,
  Lease,
  RaisedEvent,
  ReplayWindow,
  ToldEvent,
  Tried,
  WebhookHealth,
} from '../../webhooks/stores.ts'
import type { WebhookKey } from '../../webhooks/webhook.ts'
import type { Row, Statement } from '../database.ts'
import { toFoundBatches } from './batch-rows.ts'
import {
  ATTEMPTS,
  COUNT_WINDOW,
  DELIVER,
  DISABLE,
  DUE,
  ENABLED,
  FAILED,
  FORGET_EXPIRED,
  LEASE,
  LEASED_BATCHES,
  LEASED_EVENTS,
  LEASED_MESSAGES,
  LEASED_TOTALS,
  LEASED_VERIFICATIONS,
  LOG,
  ONE,
  PAGE,
  purgeOf,
  RAISE,
  RAISE_EXPIRED,
  RECOVERED,
  REPLAY,
  REPLAY_WINDOW,
  SETTLE,
  WANTED,
} from './event-statements.ts'
import { openMessage } from './message-rows.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { AFTER_ALL_IDS, jsonList, statement } from './statements.ts'
import { toVerification } from './verification-rows.ts'
import { answerContext, optionalNumber, toAttempt, toEvent, toWebhook } from './webhook-rows.ts'

/** Events and deliveries on libSQL files, Turso and D1. */
export class SqlEventStore implements EventStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async wanted(): Promise<boolean> {
    return (await this.#deps.db.driver.all(statement(WANTED))).length > 0
  }

  async raise(event: RaisedEvent): Promise<void> {
    await this.#deps.db.driver.all(raiseStatement(event))
  }

  async raiseFor({ id }: WebhookKey, event: RaisedEvent): Promise<void> {
    const { atMs } = event
    const deliver = statement(DELIVER, event.id, id, atMs, atMs + TRIED_FOR_MS)
    await this.#deps.db.driver.batch([raiseStatement(event), deliver])
  }

  async raiseExpired(nowMs: number, limit: number): Promise<number> {
    const [, looked = []] = await this.#deps.db.driver.batch([
      statement(RAISE_EXPIRED, nowMs, limit),
      statement(FORGET_EXPIRED, nowMs, limit),
    ])
    return looked.length
  }

  async due(nowMs: number): Promise<readonly WebhookKey[]> {
    const rows = await this.#deps.db.driver.all(statement(DUE, nowMs))
    return rows.map((row) => ({
      accountId: row.account_id as AccountId,
      id: row.id as WebhookId,
    }))
  }

  async lease(...[key, span]: Parameters<EventStore['lease']>): Promise<Lease | undefined> {
    const { vault, db } = this.#deps
    const { nowMs, leaseUntilMs, limit } = span
    const about = [key.id, leaseUntilMs] as const
    const [found = [], leased = [], events = [], ...subjects] = await db.driver.batch([
      statement(ENABLED, key.accountId, key.id),
      statement(LEASE, key.id, nowMs, leaseUntilMs, limit),
      statement(LEASED_EVENTS, ...about),
      statement(LEASED_VERIFICATIONS, ...about),
      statement(LEASED_MESSAGES, ...about),
      statement(LEASED_BATCHES, ...about),
      statement(LEASED_TOTALS, ...about),
    ])
    if (found[0] === undefined) return undefined
    const eventsById = byId(events)
    const tell = tellerOf(vault, subjects)
    const jobs = leased.flatMap((row) => {
      const event = eventsById.get(row.event_id as string)
      if (event === undefined) return []
      return {
        ...tell(toEvent(event)),
        tries: row.tries as number,
        giveUpAtMs: row.give_up_at_ms as number,
        leasedUntilMs: leaseUntilMs,
      }
    })
    return { webhook: toWebhook(vault, found[0]), jobs }
  }

  async record(
    key: WebhookKey,
    tried: readonly Tried[],
    health: WebhookHealth,
  ): Promise<'recorded' | 'disabled'> {
    const results = await this.#deps.db.driver.batch([
      ...tried.flatMap((one) => this.#settled(key, one)),
      ...healthStatements(key, tried, health),
    ])
    return (results.at(-1) ?? []).length > 0 ? 'disabled' : 'recorded'
  }

  async deliveries({ id }: WebhookKey, page: DeliveryPage): Promise<readonly Delivery[]> {
    const { limit, before, status } = page
    const found = statement(PAGE, id, before ?? AFTER_ALL_IDS, status ?? null, limit)
    return this.#withAttempts(id, await this.#deps.db.driver.all(found))
  }

  async delivery({ id }: WebhookKey, eventId: EventId): Promise<Delivery | undefined> {
    const rows = await this.#deps.db.driver.all(statement(ONE, id, eventId))
    return (await this.#withAttempts(id, rows))[0]
  }

  async replay({ id }: WebhookKey, eventId: EventId, nowMs: number): Promise<boolean> {
    return (await this.#deps.db.driver.all(statement(REPLAY, nowMs, id, eventId))).length > 0
  }

  async replayWindow({ id }: WebhookKey, window: ReplayWindow, nowMs: number): Promise<number> {
    const { fromMs, toMs, delivered } = window
    const bounds = [firstIdAt('EV', fromMs), firstIdAt('EV', toMs), Number(delivered)] as const
    const [counted = []] = await this.#deps.db.driver.batch([
      statement(COUNT_WINDOW, nowMs, id, ...bounds),
      statement(REPLAY_WINDOW, nowMs, id, ...bounds),
    ])
    return Number(counted[0]?.found ?? 0)
  }

  async purge(beforeMs: number, limit: number): Promise<void> {
    const before = firstIdAt('EV', beforeMs)
    await this.#deps.db.driver.batch([
      statement(purgeOf('webhook_attempts', 'event_id'), before, limit),
      statement(purgeOf('webhook_deliveries', 'event_id'), before, limit),
      statement(purgeOf('webhook_events', 'id'), before, limit),
      statement(purgeOf('webhook_watches', 'expires_at_ms'), beforeMs, limit),
    ])
  }

  #settled({ id }: WebhookKey, { job, attempt, status, dueAtMs }: Tried): readonly Statement[] {
    const { answer } = attempt
    const sealed =
      answer === undefined ? null : this.#deps.vault.seal(answer, answerContext(attempt.id))
    const place = [job.event.id, id] as const
    return [
      statement(
        LOG,
        ...place,
        attempt.id,
        attempt.atMs,
        attempt.tookMs,
        attempt.status ?? null,
        sealed,
        attempt.error ?? null,
      ),
      statement(SETTLE, ...place, status, dueAtMs ?? null, job.leasedUntilMs),
    ]
  }

  async #withAttempts(id: WebhookId, rows: readonly Row[]): Promise<readonly Delivery[]> {
    const { vault, db } = this.#deps
    if (rows.length === 0) return []
    const ids = jsonList(rows.map((row) => row.event_id as string))
    const attempts = await db.driver.all(statement(ATTEMPTS, ids, id))
    return rows.map((row) => ({
      event: {
        id: row.event_id as EventId,
        type: row.type as EventType,
        atMs: row.at_ms as number,
      },
      status: row.status as DeliveryStatus,
      dueAtMs: optionalNumber(row.due_at_ms),
      attempts: attempts
        .filter((one) => one.event_id === row.event_id)
        .map((one) => toAttempt(vault, one)),
    }))
  }
}

const raiseStatement = (event: RaisedEvent): Statement =>
  statement(
    RAISE,
    event.id,
    event.accountId,
    event.type,
    event.once,
    event.atMs,
    event.verificationId ?? null,
    event.sendId ?? null,
    JSON.stringify(event.data satisfies AccountEvent['data']),
  )

/** The last of them answers whether the webhook was disabled. One that takes some of what it gets is not failing. */
function healthStatements(
  { accountId, id }: WebhookKey,
  tried: readonly Tried[],
  { nowMs, gone, failingBeforeMs, failuresMin }: WebhookHealth,
): readonly Statement[] {
  const recovered = tried.some(({ status }) => status === 'delivered')
  return [
    recovered
      ? statement(RECOVERED, accountId, id)
      : statement(FAILED, accountId, id, nowMs, tried.length),
    statement(DISABLE, accountId, id, nowMs, Number(gone), failingBeforeMs, failuresMin),
  ]
}

/** What events are about, from rows of verifications, messages, batches and the totals of those. */
function tellerOf(
  vault: Vault,
  [verifications = [], messages = [], batches = [], totals = []]: readonly (readonly Row[])[],
): (event: AccountEvent) => ToldEvent {
  const rows = byId([...verifications, ...messages])
  const finished = new Map(toFoundBatches(batches, totals).map((batch) => [batch.id, batch]))
  return (event) => {
    const { verificationId = '', sendId = '', batchId, type } = event
    const asked = rows.get(verificationId)
    const message = batchId && rows.get(sendId)
    return {
      event,
      verification: asked && toVerification(vault, asked),
      message: message && openMessage(vault, sendId, message.private_sealed as string),
      batch: type === 'batch.finished' && batchId ? finished.get(batchId) : undefined,
    }
  }
}

const byId = (rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id as string, row]))
