import { type Context, Hono } from 'hono'
import { PROBLEMS, Problem } from '../../domain/problems.ts'
import type { StoredAnswer } from '../../tenancy/idempotency.ts'
import { scopeAllows } from '../../tenancy/scopes.ts'
import { basicKey } from '../basic-key.ts'
import type { ApiEnv } from '../env.ts'
import { problemResponse, toProblem } from '../problem-response.ts'
import { answerOnce, idempotencyKeyOf, onceOf, requestHash } from './idempotency.ts'
import { readCall } from './read-call.ts'
import type { Route } from './route.ts'
import { NATIVE_ROUTES } from './routes.ts'

/** Our own API, below /v1: HTTP Basic, JSON, RFC 9457 problems. It owns its lock, its 404 and its errors. */
export function createNativeDoor(): Hono<ApiEnv> {
  const door = new Hono<ApiEnv>()
  door.onError((error, c) => answerProblem(toProblem(error), c))
  door.use(async (c, next) => {
    c.header('cache-control', 'no-store')
    await next()
  })
  door.use(basicKey)
  for (const route of NATIVE_ROUTES) {
    door.on(route.method.toUpperCase(), honoPath(route.path), (c) => serve(c, route))
  }
  for (const [path, methods] of methodsByPath(NATIVE_ROUTES)) {
    door.all(honoPath(path), (c) => {
      c.set('routePattern', `/v1${path}`)
      c.header('allow', methods.join(', '))
      return problemResponse(new Problem('method_not_allowed'), c)
    })
  }
  door.all('*', (c) => problemResponse(new Problem('unknown_path'), c))
  return door
}

/** Scope, shape, and then the work, in this order. */
async function serve(c: Context<ApiEnv>, route: Route): Promise<Response> {
  c.set('routePattern', `/v1${route.path}`)
  if (!route.scopes.some((scope) => scopeAllows(c.var.key, scope))) throw new Problem('forbidden')
  const { call: read, text } = await readCall(c, route)
  const key = route.idempotent === true ? idempotencyKeyOf(c) : undefined
  const request = key === undefined ? undefined : { key, hash: requestHash(c, text) }
  const call = { ...read, once: request && onceOf(c, request) }
  if (route.status === 204) {
    await route.handle(call)
    return c.body(null, 204)
  }
  const answer = async (): Promise<StoredAnswer> => ({
    status: route.status,
    body: JSON.stringify(await route.handle(call)),
    contentType: 'application/json',
  })
  const made = request === undefined ? await answer() : await answerOnce(c, request, answer)
  return c.body(made.body, made.status as 200, { 'content-type': made.contentType })
}

function answerProblem(problem: Problem, c: Context<ApiEnv>): Response {
  if (PROBLEMS[problem.code].status === 401) {
    c.header('www-authenticate', 'Basic realm="tollgate", charset="UTF-8"')
  }
  return problemResponse(problem, c)
}

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, readonly string[]>()
  for (const { path, method } of routes) {
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()])
  }
  return methods
}
