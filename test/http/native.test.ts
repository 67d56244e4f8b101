import { openHarness } from '../support/harness.ts'
import { batchesSuite } from './suites/batches.suite.ts'
import { bodiesSuite } from './suites/bodies.suite.ts'
import { budgetsSuite } from './suites/budgets.suite.ts'
import { everyRouteSuite } from './suites/every-route.suite.ts'
import { idempotencySuite } from './suites/idempotency.suite.ts'
import { opsSuite } from './suites/ops.suite.ts'
import { rangeBlocksSuite } from './suites/range-blocks.suite.ts'
import { refusalsSuite } from './suites/refusals.suite.ts'
import { secrecySuite } from './suites/secrecy.suite.ts'
import { verificationsSuite } from './suites/verifications.suite.ts'
import { webhooksSuite } from './suites/webhooks.suite.ts'

everyRouteSuite(openHarness)
verificationsSuite(openHarness)
rangeBlocksSuite(openHarness)
refusalsSuite(openHarness)
batchesSuite(openHarness)
bodiesSuite(openHarness)
idempotencySuite(openHarness)
secrecySuite(openHarness)
opsSuite(openHarness)
budgetsSuite(openHarness)
webhooksSuite(openHarness)
