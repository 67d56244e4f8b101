import type { RuleOutline, RuleSetStore } from '../../risk/rule-votes.ts'
import type { SqlDriver } from '../database.ts'
import { statement } from './statements.ts'

const PUT = `INSERT INTO rule_sets (version, rules, first_seen_ms) VALUES (?, ?, ?)
ON CONFLICT (version) DO NOTHING`
const FIND = 'SELECT rules FROM rule_sets WHERE version = ?'

/** One row for each text of the rules that ever decided, on libSQL files, Turso and D1. */
export class SqlRuleSetStore implements RuleSetStore {
  private readonly driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.driver = driver
  }

  async put(version: string, rules: readonly RuleOutline[], nowMs: number): Promise<void> {
    await this.driver.all(statement(PUT, version, JSON.stringify(rules), nowMs))
  }

  async find(version: string): Promise<readonly RuleOutline[] | undefined> {
    const [row] = await this.driver.all(statement(FIND, version))
    if (row === undefined) return undefined
    const stored = JSON.parse(row.rules as string) as readonly (Pick<RuleOutline, 'hit'> &
      Partial<RuleOutline>)[]
    return stored.map(({ hit, scope }) => ({ hit, scope }))
  }
}
