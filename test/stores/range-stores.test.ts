import { onTestFinished } from 'vitest'
import { MemoryCustomerStore } from '../../src/storage/memory/customer-store.ts'
import { MemoryRangeBlockStore } from '../../src/storage/memory/range-block-store.ts'
import { SqlCustomerStore } from '../../src/storage/sql/customer-store.ts'
import { SqlRangeBlockStore } from '../../src/storage/sql/range-block-store.ts'
import { openTestDatabase } from '../support/databases.ts'
import { customerSuite } from './suites/customer-suite.ts'
import { rangeBlockSuite } from './suites/range-block-suite.ts'

async function openDriver() {
  const db = await openTestDatabase()
  onTestFinished(() => db.close())
  return db.driver
}

customerSuite('memory', async () => new MemoryCustomerStore())
customerSuite('libSQL', async () => new SqlCustomerStore(await openDriver()))
rangeBlockSuite('memory', async () => new MemoryRangeBlockStore())
rangeBlockSuite('libSQL', async () => new SqlRangeBlockStore(await openDriver()))
