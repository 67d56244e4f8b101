import { html, raw } from 'hono/html'
import { callPart, type Described, eventPart } from './call-part.ts'
import type { ApiDocument } from './document.ts'
import { schemaPart } from './schema-part.ts'
import { STYLE } from './style.ts'
import { type Html, prose, schemaId } from './words.ts'

/** Its own styles and nothing else: it works without any other host, and no script can read what is typed beside it. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The whole API as one page to read and to search, made of its OpenAPI document. */
export function referencePage(document: ApiDocument): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tollgate API</title>
<style>${raw(STYLE)}</style>
</head>
<body>
${contentsOf(document)}
${mainOf(document)}
</body>
</html>
`
}

function contentsOf({ info, paths, webhooks, components }: ApiDocument): Html {
  return html`<nav><a href="#top">Tollgate ${info.version}</a>
${byTag(paths).map(([tag, calls]) =>
  list(
    tag,
    calls.map(({ operation }) => entry(operation.operationId, operation.summary)),
  ),
)}
${list(
  'Events',
  Object.entries(webhooks).map(([type, { post }]) => entry(post.operationId, type)),
)}
${list(
  'Schemas',
  Object.keys(components.schemas).map((name) => entry(schemaId(name), name)),
)}</nav>`
}

const list = (title: string, entries: readonly Html[]): Html =>
  html`<h2>${title}</h2><ul>${entries}</ul>`

const entry = (id: string, text: string): Html => html`<li><a href="#${id}">${text}</a></li>`

function mainOf({ info, paths, webhooks, components: { schemas } }: ApiDocument): Html {
  return html`<main id="top"><h1>Tollgate API</h1>
${prose(info.description)}
<p>Calls are made with a key, by HTTP Basic: <code>KEY=id:secret</code>. For machines there is <a href="/openapi.json">/openapi.json</a>, OpenAPI 3.1.</p>
${byTag(paths).map(([tag, calls]) =>
  section(
    tag,
    calls.map((call) => callPart(call, schemas)),
  ),
)}
${section('Events', Object.entries(webhooks).map(eventPart))}
${section('Schemas', Object.entries(schemas).map(schemaPart))}</main>`
}

const section = (title: string, parts: readonly Html[]): Html =>
  html`<section><h2>${title}</h2>${parts}</section>`

/** The calls of each tag, tags in the order of their first call. */
function byTag(paths: ApiDocument['paths']): readonly (readonly [string, readonly Described[]])[] {
  const groups = new Map<string, Described[]>()
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags.join(', ')
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }])
    }
  return [...groups]
}
