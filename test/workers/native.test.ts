import { onTestFinished } from 'vitest'
import { SqlRangeWatch } from '../../src/storage/sql/range-watch.ts'
import { SqlVelocityStore } from '../../src/storage/sql/velocity-store.ts'
import { WORKER_RULES } from '../../src/worker-rules.ts'
import { batchesSuite } from '../http/suites/batches.suite.ts'
import { bodiesSuite } from '../http/suites/bodies.suite.ts'
import { budgetsSuite } from '../http/suites/budgets.suite.ts'
import { everyRouteSuite } from '../http/suites/every-route.suite.ts'
import { idempotencySuite } from '../http/suites/idempotency.suite.ts'
import { opsSuite } from '../http/suites/ops.suite.ts'
import { rangeBlocksSuite } from '../http/suites/range-blocks.suite.ts'
import { refusalsSuite } from '../http/suites/refusals.suite.ts'
import { secrecySuite } from '../http/suites/secrecy.suite.ts'
import { verificationsSuite } from '../http/suites/verifications.suite.ts'
import { webhooksSuite } from '../http/suites/webhooks.suite.ts'
import { type HouseOptions, openHouseOn } from '../support/house-on.ts'
import { openFreshD1, testVault } from './databases.ts'

/** The same door, the same tests, inside workerd: D1 for everything, counters and ranges included. */
async function open(options: HouseOptions = {}) {
  const db = await openFreshD1()
  const vault = testVault()
  const velocity = new SqlVelocityStore({ db })
  const ranges = new SqlRangeWatch({ db, hash: (text) => vault.digest('subjects', text) })
  const house = await openHouseOn({ db, rules: WORKER_RULES, velocity, ranges }, options)
  onTestFinished(() => house.settle())
  return house
}

everyRouteSuite(open)
verificationsSuite(open)
rangeBlocksSuite(open)
refusalsSuite(open)
batchesSuite(open)
bodiesSuite(open)
idempotencySuite(open)
secrecySuite(open)
opsSuite(open)
budgetsSuite(open)
webhooksSuite(open)
