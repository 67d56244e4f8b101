import type { Drawn, PaceDraw, PaceStore } from '../../channels/pace-store.ts'
import { stepMs } from '../../channels/token-bucket.ts'
import { assert } from '../../domain/assert.ts'
import type { SqlDriver } from '../database.ts'
import { statement } from './statements.ts'

const FULL_AT = 'max(full_at_ms, ?2)'
/** As many as `tokensAtMs` would let go now; a hair more than whole counts, so that rounding makes nobody come back for nothing. */
const THERE = `max(0, min(?3, CAST((?2 - ${FULL_AT}) * 1.0 / ?5 + ?4 + 1e-6 AS INTEGER)))`

/** A bucket that nobody drew from is full. */
const DRAW = `INSERT INTO provider_paces (provider_id, full_at_ms, drawn)
VALUES (?1, ?2 + min(?3, ?4) * ?5, min(?3, ?4))
ON CONFLICT (provider_id) DO UPDATE SET full_at_ms = ${FULL_AT} + ${THERE} * ?5, drawn = ${THERE}
RETURNING full_at_ms, drawn`

/** Over libSQL files, Turso and D1. */
export class SqlPaceStore implements PaceStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async draw({ providerId, pace, count, nowMs }: PaceDraw): Promise<Drawn> {
    const [row] = await this.#driver.all(
      statement(DRAW, providerId, nowMs, count, pace.burst, stepMs(pace)),
    )
    assert(row !== undefined, 'a draw has its answer')
    return { count: row.drawn as number, fullAtMs: row.full_at_ms as number }
  }
}
