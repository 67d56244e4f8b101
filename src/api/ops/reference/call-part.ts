import { html } from 'hono/html'
import {
  type Answer,
  nameIn,
  type Operation,
  type Parameter,
  type Schema,
  schemaIn,
} from './document.ts'
import { memberTable, typeLine } from './schema-part.ts'
import { type SchemaRow, schemaRows } from './schema-rows.ts'
import { type Html, prose } from './words.ts'

/** One method of one path. */
export type Described = {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

type Schemas = Readonly<Record<string, Schema>>

/** A call: what it does, what it takes, how it is made, what it answers. */
export function callPart({ method, path, operation }: Described, schemas: Schemas): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const body = schemaIn(requestBody?.content)
  return html`<article id="${operationId}"><h3>${summary}</h3>
<p class="call"><code><b>${method}</b> ${path}</code></p>
${prose(description)}
${memberTable(parameters.map(parameterRow))}
${body !== undefined && bodyPart(body, requestBody?.required === true)}
<pre>${commandLine({ method, path, example: exampleOf(body, schemas) })}</pre>
<div class="wide"><table><tbody>${Object.entries(responses).map(answerRow)}</tbody></table></div></article>`
}

/** What a webhook is sent. */
export function eventPart([type, { post }]: readonly [string, { readonly post: Operation }]): Html {
  const body = schemaIn(post.requestBody?.content)
  return html`<article id="${post.operationId}"><h3><code>${type}</code></h3>
${prose(post.description)}${body !== undefined && bodyPart(body, true)}</article>`
}

function parameterRow({ name, in: place, required, description, schema }: Parameter): SchemaRow {
  const about = description ?? (place === 'path' ? 'In the path.' : undefined)
  const described = about === undefined ? schema : { ...schema, description: about }
  return { path: name, required, schema: described }
}

function bodyPart(body: Schema, required: boolean): Html {
  const line = html`<p>Body: ${typeLine(body)}${!required && html` <span class="soft">or none</span>`}</p>`
  return html`${line}${body.$ref === undefined && memberTable(schemaRows(body))}`
}

function answerRow([status, { description, content }]: readonly [string, Answer]): Html {
  const body = schemaIn(content)
  return html`<tr><td><code>${status}</code></td><td>${body !== undefined && typeLine(body)}</td><td>${prose(description)}</td></tr>`
}

const exampleOf = (body: Schema | undefined, schemas: Schemas): unknown =>
  body?.$ref === undefined ? body?.example : schemas[nameIn(body.$ref)]?.example

type Command = { readonly method: string; readonly path: string; readonly example: unknown }

/** The call as it is typed into a POSIX shell. */
function commandLine({ method, path, example }: Command): string {
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`
  const line = `curl -u $KEY${verb} "$URL${path}"`
  if (example === undefined) return line
  const body = JSON.stringify(example, null, 2).replaceAll("'", "'\\''")
  return `${line} -H 'content-type: application/json' -d '${body}'`
}
