import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import type {
  BlockEvidence,
  BlockState,
  RangeBlock,
  RangeBlockStore,
} from '../../risk/ranges/blocks.ts'
import type { RangeKind } from '../../risk/ranges/watch.ts'
import type { Row, SqlDriver } from '../database.ts'
import { AFTER_ALL_IDS, statement } from './statements.ts'

/** The same range closed by two processes at once is one block: the first keeps its id. */
const PUT = `INSERT INTO range_blocks (account_id, id, kind, range, state, since_ms, until_ms, repeats,
probed_at_ms, good, bad, evidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (account_id, kind, range) DO UPDATE SET state = ?5, since_ms = ?6, until_ms = ?7,
repeats = ?8, probed_at_ms = ?9, good = ?10, bad = ?11, evidence = ?12`

const LIST = `SELECT * FROM range_blocks WHERE account_id = ? AND id < ? AND state <> 'open'
ORDER BY id DESC LIMIT ?`
const REMEMBERED = `SELECT * FROM range_blocks WHERE account_id = ? AND (state <> 'open' OR until_ms > ?)`
const REMOVE = 'DELETE FROM range_blocks WHERE account_id = ? AND id = ? RETURNING *'
const PURGE = `DELETE FROM range_blocks WHERE state = 'open' AND until_ms <= ?`

/** Closed ranges on libSQL files, Turso and D1. */
export class SqlRangeBlockStore implements RangeBlockStore {
  private readonly driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.driver = driver
  }

  async put(block: RangeBlock): Promise<void> {
    const { accountId, id, kind, range, state, sinceMs, untilMs, repeats } = block
    const { probedAtMs, good, bad, evidence } = block
    const place = [accountId, id, kind, range, state] as const
    const counts = [sinceMs, untilMs, repeats, probedAtMs, good, bad] as const
    await this.driver.all(statement(PUT, ...place, ...counts, JSON.stringify(evidence)))
  }

  async remove(accountId: AccountId, id: RangeBlockId): Promise<RangeBlock | undefined> {
    const [row] = await this.driver.all(statement(REMOVE, accountId, id))
    return row === undefined ? undefined : toBlock(row)
  }

  async list(...[accountId, { limit, before }]: Parameters<RangeBlockStore['list']>) {
    const found = statement(LIST, accountId, before ?? AFTER_ALL_IDS, limit)
    return (await this.driver.all(found)).map(toBlock)
  }

  async remembered(accountId: AccountId, nowMs: number): Promise<readonly RangeBlock[]> {
    return (await this.driver.all(statement(REMEMBERED, accountId, nowMs))).map(toBlock)
  }

  async purge(nowMs: number): Promise<void> {
    await this.driver.all(statement(PURGE, nowMs))
  }
}

function toBlock(row: Row): RangeBlock {
  return {
    id: String(row.id) as RangeBlockId,
    accountId: String(row.account_id) as AccountId,
    kind: String(row.kind) as RangeKind,
    range: String(row.range),
    state: String(row.state) as BlockState,
    sinceMs: Number(row.since_ms),
    untilMs: Number(row.until_ms),
    repeats: Number(row.repeats),
    probedAtMs: Number(row.probed_at_ms),
    good: Number(row.good),
    bad: Number(row.bad),
    evidence: JSON.parse(String(row.evidence)) as BlockEvidence,
  }
}
