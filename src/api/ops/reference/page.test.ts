import { expect, test } from 'vitest'
import { openApiDocument } from '../../native/openapi.ts'
import type { ApiDocument } from './document.ts'
import { referencePage } from './page.ts'

const ours = openApiDocument('1.2.3') as ApiDocument

async function open(document: ApiDocument) {
  const text = String(await referencePage(document))
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found)
  return { text, ids: all(/ id="([^"]*)"/g), links: all(/ href="([^"]*)"/g) }
}

test('every call, event and schema of the document has its place on the page, once', async () => {
  const { ids } = await open(ours)
  const calls = Object.values(ours.paths).flatMap((methods) => Object.values(methods))
  const events = Object.values(ours.webhooks).map(({ post }) => post)
  const schemas = Object.keys(ours.components.schemas).map((name) => `schema-${name}`)
  const wanted = [...calls, ...events].map(({ operationId }) => operationId)
  expect([...ids].sort()).toEqual(['top', ...wanted, ...schemas].sort())
})

test('every link leads to a place on the page, or to the document', async () => {
  const { ids, links } = await open(ours)
  const places = new Set([...ids.map((id) => `#${id}`), '/openapi.json'])
  expect(links.filter((link) => !places.has(link ?? ''))).toEqual([])
})

test('the page asks no other host for anything and runs nothing', async () => {
  const { text } = await open(ours)
  expect(text.match(/<(script|link|img|iframe|form|object)\b| src=| on\w+="|@import|url\(/g)).toBe(
    null,
  )
})

test('a call is shown as it is typed, with the example of its body', async () => {
  const { text } = await open(ours)
  const line = 'curl -u $KEY -X POST &quot;$URL/v1/verifications/{id}/check&quot;'
  const from = text.indexOf(line)
  expect(from).toBeGreaterThan(0)
  expect(text.slice(from, from + 300)).toMatch(/&quot;code&quot;: &quot;\d+&quot;/)
})

test('words of the document stay words', async () => {
  const document = withExample({ name: `O'Brien <b>`, description: '<script>x</script> `a<b`' })
  const { text } = await open(document)
  expect(text).toContain('&lt;script&gt;x&lt;/script&gt; <code>a&lt;b</code>')
  expect(text).toContain(`O&#39;\\&#39;&#39;Brien &lt;b&gt;`)
  expect(text).not.toContain('<script')
})

/** A document of one call whose body has an example. */
function withExample({ name, description }: { name: string; description: string }): ApiDocument {
  const schema = { type: 'object', example: { name } }
  const operation = {
    operationId: 'say',
    tags: ['Words'],
    summary: 'Say',
    description,
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {},
  }
  return {
    info: { version: '1', description: '' },
    paths: { '/say': { post: operation } },
    webhooks: {},
    components: { schemas: {} },
  }
}
