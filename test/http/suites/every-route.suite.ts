import { describe, expect, test } from 'vitest'
import type { Route } from '../../../src/api/native/route.ts'
import { NATIVE_ROUTES } from '../../../src/api/native/routes.ts'
import { type Answer, call, type DoorHouse, type OpenHouse, problemIn } from './door-house.ts'
import { ROUTE_CASES, type RouteCase } from './route-cases.ts'

/** Every route: what it answers, and whom it refuses, and how. */
export function everyRouteSuite(open: OpenHouse): void {
  test('every route of the API has a case here', () => {
    const routes = NATIVE_ROUTES.map(({ operationId }) => operationId)
    expect(Object.keys(ROUTE_CASES).toSorted()).toEqual(routes.toSorted())
  })
  for (const route of NATIVE_ROUTES) {
    const routeCase = ROUTE_CASES[route.operationId]
    if (routeCase !== undefined) describeRoute(open, route, routeCase)
  }
}

function describeRoute(open: OpenHouse, route: Route, routeCase: RouteCase): void {
  const method = route.method.toUpperCase()
  const prepare = async () => {
    const house = await open()
    const path = await routeCase.path(house)
    const json = await routeCase.json?.(house, path)
    return { house, line: `${method} /v1${path}`, json }
  }
  describe(`${method} /v1${route.path}`, () => {
    test('answers a good request in the shape that its schema says', async () => {
      const { house, line, json } = await prepare()
      const answer = await call(house, line, { key: routeCase.key, json })
      expect(answer.status, answer.text).toBe(route.status)
      expectShape(route, answer)
    })

    test('names the field that is wrong', async () => {
      const { house, line } = await prepare()
      const { query = '', json, names } = routeCase.bad
      const answer = await call(house, line + query, { json })
      expect(answer.status).toBe(400)
      expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: [names] })
    })

    test('refuses a caller without credentials, and one with wrong ones', async () => {
      const { house, line, json } = await prepare()
      const wrong = `Basic ${btoa(`${keyIdOf(house)}:wrong`)}`
      for (const authorization of ['', wrong, 'Basic ?', 'Bearer x']) {
        const answer = await call(house, line, { json, headers: { authorization } })
        expect(answer.status).toBe(401)
        expect(problemIn(answer).code).toBe('unauthenticated')
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      }
    })

    test('refuses a key without the scope', async () => {
      const { house, line, json } = await prepare()
      if (routeCase.strangerKey === undefined) return
      const answer = await call(house, line, { key: routeCase.strangerKey, json })
      expect(answer.status).toBe(403)
      expect(problemIn(answer).code).toBe('forbidden')
    })

    test('shows another account nothing of this one', async () => {
      const { house, line, json } = await prepare()
      const answer = await call(house, line, { key: 'other', json })
      await expectStranger(house, routeCase, { answer, line, json })
    })
  })
}

const keyIdOf = (house: DoorHouse): string =>
  atob(house.keys.admin.slice('Basic '.length)).split(':')[0] ?? ''

function expectShape(route: Route, answer: Answer): void {
  if (route.answer === undefined) {
    expect(answer.text).toBe('')
    return
  }
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const parsed = route.answer.safeParse(answer.body)
  expect(parsed.error?.issues).toBeUndefined()
}

type Seen = { readonly answer: Answer; readonly line: string; readonly json: unknown }

async function expectStranger(
  house: DoorHouse,
  { otherTenant }: RouteCase,
  { answer, line, json }: Seen,
): Promise<void> {
  if (otherTenant === 'not_found') {
    expect(answer.status).toBe(404)
    expect(problemIn(answer)).toEqual({ code: 'not_found', pointers: [] })
    const noSuch = line.replace(/[0-9a-f]{32}/, '0'.repeat(32))
    const missing = await call(house, noSuch, { key: 'other', json })
    expect(missing.body).toEqual({ ...answer.body, instance: missing.body.instance })
    return
  }
  if (otherTenant === 'field') {
    expect(answer.status).toBe(400)
    expect(problemIn(answer)).toEqual({ code: 'invalid_request', pointers: ['/verification'] })
    return
  }
  // The other account has no money, which is no business of this test.
  expect(answer.status === 402 || answer.status < 300, answer.text).toBe(true)
  const { body: account } = await call(house, 'GET /v1/account')
  expect(answer.text).not.toContain(String(account.id))
  expect(answer.text).not.toContain(String(account.default_service))
  if (otherTenant === 'empty') expect(itemsIn(answer.body)).toEqual([])
}

const itemsIn = (body: Record<string, unknown>): unknown[] =>
  Object.values(body).flatMap((member) => (Array.isArray(member) ? member : []))
