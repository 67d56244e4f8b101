import type { SentRecord, SentRecordStore } from '../../billing/sent-records.ts'
import { firstIdAt, type SendId } from '../../domain/ids.ts'
import type { Currency, Micros } from '../../domain/money.ts'
import type { SendStatus } from '../../domain/send.ts'
import type { Row, SqlDriver } from '../database.ts'
import { jsonList, statement } from './statements.ts'

const COLUMNS = `id, provider_message_id, created_at_ms, status, segments,
  cost_micros, cost_currency, expected_cost_micros, expected_cost_currency`

const NAMED = `SELECT ${COLUMNS} FROM sends
WHERE provider_id = ?1 AND provider_message_id IN (SELECT value FROM json_each(?2))
UNION SELECT ${COLUMNS} FROM sends WHERE provider_id = ?1 AND id IN (SELECT value FROM json_each(?3))`

const ACCEPTED = `SELECT ${COLUMNS} FROM sends
WHERE id > ?2 AND id < ?3 AND +provider_id = ?1 AND status IN ('sent', 'delivered', 'undelivered')
ORDER BY id LIMIT ?4`

/** Over libSQL files, Turso and D1. */
export class SqlSentRecordStore implements SentRecordStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async named(
    providerId: string,
    { ids, references }: Parameters<SentRecordStore['named']>[1],
  ): Promise<readonly SentRecord[]> {
    const asked = statement(NAMED, providerId, jsonList(ids), jsonList(references))
    return (await this.#driver.all(asked)).map(toRecord)
  }

  /** Ids sort by the millisecond they were made in. */
  async accepted(
    providerId: string,
    { fromMs, toMs, after, limit }: Parameters<SentRecordStore['accepted']>[1],
  ): Promise<readonly SentRecord[]> {
    const behind = after ?? firstIdAt('VL', fromMs)
    const asked = statement(ACCEPTED, providerId, behind, firstIdAt('VL', toMs), limit)
    return (await this.#driver.all(asked)).map(toRecord)
  }
}

const toRecord = (row: Row): SentRecord => ({
  id: row.id as SendId,
  providerMessageId: (row.provider_message_id as string | null) ?? undefined,
  createdAtMs: row.created_at_ms as number,
  status: row.status as SendStatus,
  segments: (row.segments as number | null) ?? undefined,
  ...costOf(row),
})

/** An expected cost of nothing without a currency is what dispatch writes when no file tells one. */
function costOf(row: Row): Pick<SentRecord, 'cost' | 'currency'> {
  const isReported = typeof row.cost_micros === 'number'
  const cost = isReported ? row.cost_micros : row.expected_cost_micros
  const currency = isReported ? row.cost_currency : row.expected_cost_currency
  if (typeof cost !== 'number' || (cost === 0 && currency === null))
    return { cost: undefined, currency: undefined }
  return { cost: cost as Micros, currency: (currency as Currency | null) ?? undefined }
}
