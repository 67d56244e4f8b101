import type { PartShelf, WholeText } from '../../channels/part-shelf.ts'
import type { SqlDriver } from '../database.ts'
import { statement } from './statements.ts'

const FORGET = 'DELETE FROM message_parts WHERE provider_id = ? AND whole_id = ?'

const KEEP = `INSERT INTO message_parts (provider_id, part_id, whole_id, has_arrived, kept_at_ms)
VALUES (?1, ?2, ?3, 0, ?4)
ON CONFLICT DO UPDATE SET whole_id = excluded.whole_id, has_arrived = 0, kept_at_ms = excluded.kept_at_ms`

const ARRIVED = 'UPDATE message_parts SET has_arrived = 1 WHERE provider_id = ? AND part_id = ?'

const WHOLE = `SELECT whole_id, (
  SELECT count(*) FROM message_parts other
  WHERE other.provider_id = part.provider_id AND other.whole_id = part.whole_id AND has_arrived = 0
) AS missing
FROM message_parts part WHERE provider_id = ? AND part_id = ?`

/** Of one provider, over libSQL files, Turso and D1. */
export class SqlPartShelf implements PartShelf {
  readonly #driver: SqlDriver
  readonly #providerId: string

  constructor(driver: SqlDriver, providerId: string) {
    this.#driver = driver
    this.#providerId = providerId
  }

  async keep(ids: readonly string[], atMs: number): Promise<void> {
    const [wholeId] = ids
    if (wholeId === undefined) return
    await this.#driver.batch([
      statement(FORGET, this.#providerId, wholeId),
      ...ids.map((id) => statement(KEEP, this.#providerId, id, wholeId, atMs)),
    ])
  }

  /** Receipts of short texts, which are most, cost one reading. */
  async tell(id: string, hasArrived: boolean): Promise<WholeText | undefined> {
    const whole = statement(WHOLE, this.#providerId, id)
    let [row] = await this.#driver.all(whole)
    if (row === undefined) return undefined
    if (hasArrived) {
      const arrived = statement(ARRIVED, this.#providerId, id)
      const [, after] = await this.#driver.batch([arrived, whole])
      row = after?.[0] ?? row
    }
    return { id: row.whole_id as string, missing: row.missing as number }
  }
}
