import * as z from 'zod'
import type { OutboundMessage } from '../../provider.ts'

const PLACEHOLDER = /\{([a-z_]+)\}/g
const NAMES: ReadonlySet<string> = new Set('id to from body channel'.split(' '))
const NESTING_MAX = 8

type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json }

/** Any JSON object; its string values may hold `{id}`, `{to}`, `{from}`, `{body}` and `{channel}`. */
export const bodyTemplateSchema = z
  .record(z.string(), z.json())
  .superRefine((template, context) => {
    for (const message of templateMistakes(template)) context.addIssue({ code: 'custom', message })
  })

/**
 * The text of the POST. Values are put into the strings of the template and the whole is serialised afterwards, so no
 * value can leave its string; every placeholder is replaced once, so a message that says `{to}` stays as it is.
 */
export function requestBody(
  message: OutboundMessage,
  settings: {
    readonly from?: string | undefined
    readonly body?: Readonly<Record<string, Json>> | undefined
  },
): string {
  const from = message.from ?? settings.from
  const { id, to, body, channel } = message
  if (settings.body === undefined) return JSON.stringify({ id, to, from, body, channel })
  const values: Readonly<Record<string, string>> = { id, to, from: from ?? '', body, channel }
  return JSON.stringify(filled(settings.body, values))
}

function filled(template: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof template === 'string') {
    return template.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole)
  }
  if (typeof template !== 'object' || template === null) return template
  if (isList(template)) return template.map((item) => filled(item, values))
  return Object.fromEntries(
    Object.entries(template).map(([member, value]) => [member, filled(value, values)]),
  )
}

function templateMistakes(template: Json): readonly string[] {
  if (nestingOf(template) > NESTING_MAX) return [`expected at most ${NESTING_MAX} levels`]
  const used = placeholdersOf(template)
  const unknown = [...used].filter((name) => !NAMES.has(name)).map((name) => `{${name}} is unknown`)
  const missing = ['to', 'body'].filter((name) => !used.has(name))
  return [...unknown, ...missing.map((name) => `{${name}} is missing`)]
}

function placeholdersOf(template: Json): ReadonlySet<string> {
  if (typeof template === 'string') {
    return new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))
  }
  return new Set(childrenOf(template).flatMap((child) => [...placeholdersOf(child)]))
}

function nestingOf(template: Json): number {
  const isNest = typeof template === 'object' && template !== null
  return isNest ? 1 + Math.max(0, ...childrenOf(template).map(nestingOf)) : 0
}

const childrenOf = (template: Json): readonly Json[] =>
  typeof template === 'object' && template !== null ? Object.values(template) : []

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
