import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { newId } from '../domain/ids.ts'
import { clientIpOf, type Origin } from './client-ip.ts'
import type { ApiEnv, Services } from './env.ts'

/** Gives every request its id, its services and its peer, and writes its one log line. */
export function perRequest(services: Services): MiddlewareHandler<ApiEnv> {
  const { platform } = services.house
  return async (c, next) => {
    const startedAtMs = platform.nowMs()
    c.set('services', services)
    c.set('requestId', newId('RQ', platform))
    c.set('clientIp', clientIpOf(originOf(c), services.clientIp))
    await next()
    c.header('x-request-id', c.var.requestId)
    c.header('x-content-type-options', 'nosniff')
    logRequest(c, platform.nowMs() - startedAtMs)
  }
}

const originOf = (c: Context<ApiEnv>): Origin => ({
  headers: c.req.raw.headers,
  socketAddress: c.env?.incoming?.socket?.remoteAddress,
})

/** The pattern stands for the path: paths and queries may hold ids and numbers. */
function logRequest(c: Context<ApiEnv>, durationMs: number): void {
  const { log } = c.var.services.house.platform
  const { status } = c.res
  const fields = {
    method: c.req.method,
    route: c.var.routePattern ?? routePath(c),
    status,
    ms: durationMs,
    request_id: c.var.requestId,
    ...(c.var.key === undefined ? {} : { account: c.var.key.accountId, key: c.var.key.id }),
    ...(c.var.replayed ? { replayed: true } : {}),
    ...c.var.problem,
  }
  if (status >= 500) log.error('request.answered', fields)
  else log.info('request.answered', fields)
}
