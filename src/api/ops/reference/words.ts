import { html } from 'hono/html'

/** Escaped markup. */
export type Html = ReturnType<typeof html>

/** A description as paragraphs; what stands between backticks is code. */
export const prose = (text: string | undefined): readonly Html[] =>
  (text ?? '').split('\n\n').filter(Boolean).map(paragraph)

const paragraph = (text: string): Html =>
  html`<p>${text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}</p>`

/** Where on the page a named schema stands. */
export const schemaId = (name: string): string => `schema-${name}`
