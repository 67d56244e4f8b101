import { Hono } from 'hono'
import type { ApiEnv } from '../env.ts'
import { openApiDocument } from '../native/openapi.ts'
import type { ApiDocument } from './reference/document.ts'
import { PAGE_POLICY, referencePage } from './reference/page.ts'

/** For whoever runs or reads the service: is it up, can it work, how is it spoken to. Open to everybody. */
export function createOpsDoor(): Hono<ApiEnv> {
  const door = new Hono<ApiEnv>()
  let document: string | undefined
  let page: string | undefined
  door.get('/healthz', (c) => c.json({ status: 'ok' }))
  door.get('/readyz', async (c) => {
    const { database, rules } = await c.var.services.ready()
    const ready = database && rules
    const checks = { database: wordOf(database), rules: wordOf(rules) }
    return c.json({ status: wordOf(ready), checks }, ready ? 200 : 503)
  })
  door.get('/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument(c.var.services.version))
    return c.body(document, 200, { 'content-type': 'application/json' })
  })
  door.get('/docs', async (c) => {
    page ??= String(await referencePage(openApiDocument(c.var.services.version) as ApiDocument))
    return c.html(page, 200, { 'content-security-policy': PAGE_POLICY })
  })
  return door
}

const wordOf = (works: boolean): string => (works ? 'ok' : 'failed')
