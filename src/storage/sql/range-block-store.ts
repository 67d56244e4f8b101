import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import {
  type BlockEvidence,
  type BlockState,
  probeGapMs,
  type RangeBlock,
  type RangeBlockStore,
} from '../../risk/ranges/blocks.ts'
import type { RangeKind } from '../../risk/ranges/watch.ts'
import type { Row, SqlDriver, SqlValue } from '../database.ts'
import { AFTER_ALL_IDS, statement } from './statements.ts'

const rank = (state: string): string =>
  `CASE ${state} WHEN 'blocked' THEN 0 WHEN 'probing' THEN 1 ELSE 2 END`
/** What is stored is older, or not further; see `merged`. */
const IS_NEWS = `(since_ms < ?6 OR (since_ms = ?6 AND ${rank('state')} <= ${rank('?5')}))`
const IS_SAME = '(since_ms = ?6 AND state = ?5)'
const CHANGES = `state = ?5, since_ms = ?6, until_ms = ?7, repeats = ?8,
probed_at_ms = iif(since_ms = ?6, max(probed_at_ms, ?9), ?9),
good = iif(${IS_SAME}, max(good, ?10), ?10), bad = iif(${IS_SAME}, max(bad, ?11), ?11), evidence = ?12`

/** The same range closed by two processes at once is one block: the first keeps its id. */
const PUT = `INSERT INTO range_blocks (account_id, id, kind, range, state, since_ms, until_ms, repeats,
probed_at_ms, good, bad, evidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (account_id, kind, range) DO UPDATE SET ${CHANGES} WHERE ${IS_NEWS}`
const UPDATE = `UPDATE range_blocks SET ${CHANGES}
WHERE account_id = ?1 AND kind = ?3 AND range = ?4 AND ${IS_NEWS}`
const CLAIM_PROBE = `${UPDATE} AND probed_at_ms <= ?9 - ?13 RETURNING 1`

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
    await this.driver.all(statement(PUT, ...valuesOf(block)))
  }

  async update(block: RangeBlock): Promise<void> {
    await this.driver.all(statement(UPDATE, ...valuesOf(block)))
  }

  async claimProbe(block: RangeBlock): Promise<boolean> {
    const claim = statement(CLAIM_PROBE, ...valuesOf(block), probeGapMs(block.state))
    return (await this.driver.all(claim)).length > 0
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

function valuesOf(block: RangeBlock): readonly SqlValue[] {
  const { accountId, id, kind, range, state, sinceMs, untilMs, repeats } = block
  const { probedAtMs, good, bad, evidence } = block
  const place = [accountId, id, kind, range, state]
  return [...place, sinceMs, untilMs, repeats, probedAtMs, good, bad, JSON.stringify(evidence)]
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
