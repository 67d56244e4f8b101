import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Hands, OpenedBooks } from './cli/command.ts'
import { environmentOf, openGround, StartError } from './node-house.ts'
import { SqlReportStore } from './storage/sql/report-store.ts'
import { SqlSentRecordStore } from './storage/sql/sent-record-store.ts'
import { SqlStatementStore } from './storage/sql/statement-store.ts'
import { SqlTenancyStore } from './storage/sql/tenancy-store.ts'
import { SqlVerificationStore } from './storage/sql/verification-store.ts'

/** The database of the data directory, for commands that look back or open accounts. A server may run on it meanwhile. */
export async function openBooks(hands: Hands): Promise<OpenedBooks> {
  const { TOLLGATE_DATABASE_URL: url, TOLLGATE_DATA_DIR: dataDir } = environmentOf(hands)
  if (url === undefined && !existsSync(join(dataDir, 'tollgate.db'))) {
    throw new StartError(`There is no database in ${dataDir}: TOLLGATE_DATA_DIR says where it is.`)
  }
  const { platform, vault, db, settle } = await openGround(hands)
  return {
    verifications: new SqlVerificationStore({ db, vault }),
    reports: new SqlReportStore(db, vault),
    sentRecords: new SqlSentRecordStore(db.driver),
    statements: new SqlStatementStore(db.driver),
    tenancy: new SqlTenancyStore(db, vault),
    vault,
    platform,
    nowMs: platform.nowMs,
    close: async () => {
      await settle()
      db.close()
    },
  }
}
