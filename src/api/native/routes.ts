import type { Route } from './route.ts'
import { accountRoutes } from './routes/account.ts'
import { batchRoutes } from './routes/batches.ts'
import { budgetRoutes } from './routes/budgets.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { fraudRoutes } from './routes/fraud.ts'
import { issueRoutes } from './routes/issue.ts'
import { keyRoutes } from './routes/keys.ts'
import { listRoutes } from './routes/lists.ts'
import { moneyRoutes } from './routes/money.ts'
import { packageRoutes } from './routes/packages.ts'
import { priceRoutes } from './routes/prices.ts'
import { rangeBlockRoutes } from './routes/range-blocks.ts'
import { routingRoutes } from './routes/routes.ts'
import { sandboxRoutes } from './routes/sandbox.ts'
import { shadowRoutes } from './routes/shadow.ts'
import { statementRoutes } from './routes/statements.ts'
import { verificationRoutes } from './routes/verifications.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** The whole native API; routing and the OpenAPI document are both made of it. */
export const NATIVE_ROUTES: readonly Route[] = [
  ...issueRoutes,
  ...verificationRoutes,
  ...batchRoutes,
  ...fraudRoutes,
  ...rangeBlockRoutes,
  ...shadowRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...listRoutes,
  ...moneyRoutes,
  ...packageRoutes,
  ...budgetRoutes,
  ...statementRoutes,
  ...priceRoutes,
  ...routingRoutes,
  ...deadLetterRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
  ...sandboxRoutes,
]
