import { assert } from '../domain/assert.ts'
import { isPrintable } from '../domain/message-text.ts'

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g

export type MessageFacts = {
  readonly code: string
  readonly minutes: number
  readonly service: string
  /** What the code is bound to (PSD2); nothing stands where a request names none. */
  readonly amount?: string | undefined
  readonly payee?: string | undefined
}

/** The text of a code's message. */
export const renderMessage = (template: string, facts: MessageFacts): string =>
  fillIn(template, {
    code: facts.code,
    minutes: String(facts.minutes),
    service: facts.service,
    amount: facts.amount ?? '',
    payee: facts.payee ?? '',
  })

/**
 * A template with values in the places of their names. Every placeholder is replaced once, so a service named `{code}` stays a name. Template and name were
 * checked at the door that took them; a control character here is our bug.
 */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  const text = template.replace(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  )
  assert(isPrintable(text), 'a message has no control characters')
  return text
}
