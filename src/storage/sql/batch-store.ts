import type {
  BatchKey,
  BatchMessage,
  BatchOpened,
  BatchOpening,
  BatchPage,
  BatchStore,
  MessagePage,
} from '../../channels/batch-store.ts'
import { assert } from '../../domain/assert.ts'
import type { Batch, FoundBatch } from '../../domain/batch.ts'
import type { AccountId, BatchId } from '../../domain/ids.ts'
import type { Row } from '../database.ts'
import { toBatchMessage, toFoundBatches } from './batch-rows.ts'
import {
  CANCEL,
  END_UNHEARD,
  FIND_BATCH,
  FIND_ONCE,
  HURRY,
  listBatches,
  messagesStatement,
  openStatements,
  sealedTexts,
  TOTALS,
} from './batch-statements.ts'
import { stopOfConstraint } from './budget-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { brokenConstraint, overBudget, stopped } from './refusals.ts'
import { DAY_MS, dayStart, HOUR_MS, hourStart, jsonList, statement } from './statements.ts'

/** Over libSQL files, Turso and D1: a batch comes in as one batch of statements, whose number grows with its countries alone. */
export class SqlBatchStore implements BatchStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async open(opening: BatchOpening): Promise<BatchOpened> {
    const { db, vault } = this.#deps
    const { accountId, id } = opening.batch
    const sealed = await sealedTexts(vault, opening.messages)
    try {
      await db.driver.batch(openStatements(opening, sealed))
    } catch (error) {
      return this.#refusalOf(error, opening)
    }
    const batch = await this.find({ accountId, id })
    assert(batch !== undefined, 'a batch that was written is there')
    return { kind: 'opened', batch }
  }

  async find({ accountId, id }: BatchKey): Promise<FoundBatch | undefined> {
    const [found] = await this.#withTotals(
      await this.#deps.db.driver.all(statement(FIND_BATCH, accountId, id)),
    )
    return found
  }

  /** By an earlier try of the same request, whose answer was lost. */
  async #madeBefore({ accountId, once }: Batch): Promise<BatchOpened | undefined> {
    const rows = await this.#deps.db.driver.all(statement(FIND_ONCE, accountId, once ?? null))
    const [batch] = await this.#withTotals(rows)
    return batch && { kind: 'opened', batch }
  }

  async list(accountId: AccountId, page: BatchPage): Promise<readonly FoundBatch[]> {
    return this.#withTotals(await this.#deps.db.driver.all(listBatches(accountId, page)))
  }

  async messages(id: BatchId, page: MessagePage): Promise<readonly BatchMessage[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(messagesStatement(id, page))
    return rows.map((row) => toBatchMessage(vault, row))
  }

  async cancel({ accountId, id }: BatchKey, nowMs: number): Promise<boolean> {
    const [canceled = []] = await this.#deps.db.driver.batch([
      statement(CANCEL, accountId, id, nowMs),
      statement(HURRY, id, nowMs, accountId),
    ])
    return canceled.length > 0
  }

  async endUnheard(sentBeforeMs: number, atMs: number, limit: number): Promise<number> {
    const ended = statement(END_UNHEARD, sentBeforeMs, atMs, limit)
    return (await this.#deps.db.driver.all(ended)).length
  }

  async #withTotals(rows: readonly Row[]): Promise<readonly FoundBatch[]> {
    if (rows.length === 0) return []
    const ids = jsonList(rows.map(({ id }) => String(id)))
    return toFoundBatches(rows, await this.#deps.db.driver.all(statement(TOTALS, ids)))
  }

  async #refusalOf(error: unknown, { batch, messages, rates }: BatchOpening): Promise<BatchOpened> {
    const { createdAtMs } = batch
    const constraint = brokenConstraint(error)
    const over = stopOfConstraint(constraint)
    if (over !== undefined) {
      const loads = rates.map(({ country, unitPrice }) => {
        const sent = messages.filter((one) => one.country === country && !one.withheld)
        const segments = sent.reduce((sum, one) => sum + one.segments, 0)
        return { ...batch, country, sends: sent.length, price: segments * unitPrice }
      })
      return overBudget(this.#deps, over, loads)
    }
    switch (constraint) {
      case 'prepaid_covers':
        return { kind: 'short' }
      case 'batches.account_id':
        return (await this.#madeBefore(batch)) ?? { kind: 'reference_taken' }
      case 'service_hour_budget':
        return stopped(constraint, hourStart(createdAtMs) + HOUR_MS)
      case 'service_day_budget':
        return stopped(constraint, dayStart(createdAtMs) + DAY_MS)
      default:
        throw error
    }
  }
}
