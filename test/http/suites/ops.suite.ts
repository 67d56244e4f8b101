import { expect, test } from 'vitest'
import { NATIVE_ROUTES } from '../../../src/api/native/routes.ts'
import { EVENT_TYPES, TEST_EVENT_TYPE } from '../../../src/webhooks/event-types.ts'
import { call, type OpenHouse, problemIn, read } from './door-house.ts'

type Document = {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly webhooks: Record<string, { post: { requestBody: unknown } }>
  readonly components: { readonly schemas: Record<string, unknown> }
}
type Operation = {
  readonly operationId: string
  readonly parameters: { name: string; in: string; required: boolean; schema: { type?: string } }[]
  readonly requestBody?: unknown
  readonly responses: Record<string, unknown>
}

/** What anybody may ask, and what happens beside the paths that exist. */
export function opsSuite(open: OpenHouse): void {
  test('health and readiness need no key', async () => {
    const house = await open()
    const health = await read(await house.request('/healthz'))
    expect(health).toMatchObject({ status: 200, body: { status: 'ok' } })
    const ready = await read(await house.request('/readyz'))
    const checks = { database: 'ok', rules: 'ok' }
    expect(ready).toMatchObject({ status: 200, body: { status: 'ok', checks } })
  })

  test('the OpenAPI document has every route, and every reference in it leads somewhere', async () => {
    const house = await open()
    const { status, body, text } = await read(await house.request('/openapi.json'))
    expect(status).toBe(200)
    const document = body as unknown as Document
    expect(document.openapi).toBe('3.1.0')
    for (const route of NATIVE_ROUTES) {
      const operation = document.paths[`/v1${route.path}`]?.[route.method]
      expect(operation?.operationId).toBe(route.operationId)
      expect(Object.keys(operation?.responses ?? {})).toContain(String(route.status))
      expect(operation?.requestBody === undefined).toBe(route.body === undefined)
      const named = operation?.parameters.filter(({ in: place }) => place === 'path') ?? []
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(named.map(({ name }) => name)).toEqual(inPath)
    }
    expect(Object.keys(document.webhooks)).toEqual([...EVENT_TYPES, TEST_EVENT_TYPE])
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
    expect(references.length).toBeGreaterThan(50)
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name)
    expect(text).not.toContain('$defs')
  })

  test('optional query parameters are optional in the document, with their real types', async () => {
    const house = await open()
    const { body } = await read(await house.request('/openapi.json'))
    const { parameters = [] } = (body as unknown as Document).paths['/v1/verifications']?.get ?? {}
    const limit = parameters.find(({ name }) => name === 'limit')
    expect(limit).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    })
    expect(parameters.every(({ required }) => !required)).toBe(true)
  })

  test('every example in the document is taken by the schema that it stands beside', () => {
    for (const { body, operationId } of NATIVE_ROUTES) {
      const example = body?.meta()?.example
      if (body !== undefined) expect(body.safeParse(example).error, operationId).toBeUndefined()
    }
  })

  test('the reference page shows every call and needs no other host', async () => {
    const house = await open()
    const page = await read(await house.request('/docs'))
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const missing = NATIVE_ROUTES.filter(({ path }) => !page.text.includes(`/v1${path}<`))
    expect(missing).toEqual([])
    expect(page.text).not.toContain('<script')
  })

  test('what is not there is a problem too, in every door', async () => {
    const house = await open()
    const outside = await read(await house.request('/nothing'))
    expect(outside.status).toBe(404)
    expect(problemIn(outside).code).toBe('unknown_path')
    const inside = await call(house, 'GET /v1/nothing')
    expect(inside.status).toBe(404)
    expect(problemIn(inside).code).toBe('unknown_path')
    const locked = await read(await house.request('/v1/nothing'))
    expect(locked.status).toBe(401)
  })

  test('a method that a path does not take is told which it does', async () => {
    const house = await open()
    const wrong = await call(house, 'DELETE /v1/verifications')
    expect(wrong.status).toBe(405)
    expect(problemIn(wrong).code).toBe('method_not_allowed')
    expect(wrong.headers.get('allow')).toBe('POST, GET')
  })

  test('every answer carries a request id of its own', async () => {
    const house = await open()
    const ids = new Set<string | null>()
    for (const path of ['/healthz', '/nothing', '/v1/account']) {
      const { headers } = await house.request(path)
      ids.add(headers.get('x-request-id'))
    }
    expect(ids.size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^RQ[0-9a-f]{32}$/)
  })
}
