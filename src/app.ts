import { Hono } from 'hono'
import type { ApiEnv, Services } from './api/env.ts'
import { createNativeDoor } from './api/native/door.ts'
import { createOpsDoor } from './api/ops/door.ts'
import { problemResponse, toProblem } from './api/problem-response.ts'
import { createReceiptsDoor } from './api/receipts/door.ts'
import { perRequest } from './api/request-log.ts'
import { Problem } from './domain/problems.ts'

/**
 * The whole service as one fetch function. It knows no runtime: entries hand it its services. A door owns its lock, its
 * errors and its 404; what no door takes is answered here.
 */
export function createApp(services: Services): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>()
  app.use(perRequest(services))
  app.use(async (c, next) => {
    await next()
    // What a request changed may be something that a webhook waits for.
    if (c.req.method !== 'GET' || c.req.path.startsWith('/receipts/'))
      services.webhooks.courier.wake()
  })
  app.route('/', createOpsDoor())
  app.route('/receipts', createReceiptsDoor())
  app.route('/v1', createNativeDoor())
  app.notFound((c) => problemResponse(new Problem('unknown_path'), c))
  app.onError((error, c) => problemResponse(toProblem(error), c))
  return app
}
