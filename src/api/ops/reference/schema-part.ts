import { html } from 'hono/html'
import type { Schema } from './document.ts'
import { limitsOf, type SchemaRow, schemaRows, type TypePart, typeParts } from './schema-rows.ts'
import { type Html, prose, schemaId } from './words.ts'

/** A named schema with a line for each of its members. */
export function schemaPart([name, schema]: readonly [string, Schema]): Html {
  return html`<article id="${schemaId(name)}"><h3>${name}</h3>
${prose(schema.description)}${memberTable(schemaRows(schema))}</article>`
}

/** What may or must be given, line by line; nothing where there is nothing. */
export function memberTable(rows: readonly SchemaRow[]): Html {
  if (rows.length === 0) return html``
  return html`<div class="wide"><table><tbody>${rows.map(memberRow)}</tbody></table></div>`
}

function memberRow({ path, required, schema }: SchemaRow): Html {
  const limits = limitsOf(schema)
  return html`<tr><td><code>${path}</code>${!required && html` <span class="soft">optional</span>`}</td>
<td>${typeLine(schema)}${limits !== undefined && html`<br><span class="soft">${limits}</span>`}</td><td>${prose(schema.description)}${exampleLine(schema)}</td></tr>`
}

const exampleLine = ({ example }: Schema): Html =>
  example === undefined
    ? html``
    : html`<p class="soft">such as <code>${JSON.stringify(example)}</code></p>`

/** The type of a value, with a link to the schema that has a name. */
export const typeLine = (schema: Schema): Html => html`<code>${typeParts(schema).map(part)}</code>`

const part = (type: TypePart): Html =>
  'named' in type ? html`<a href="#${schemaId(type.named)}">${type.named}</a>` : html`${type.text}`
