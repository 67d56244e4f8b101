import { assert } from '../domain/assert.ts'
import { isPrintable } from '../domain/message-text.ts'

const PLACEHOLDER = /\{(code|minutes|service|amount|payee)\}/g

export type MessageFacts = {
  readonly code: string
  readonly minutes: number
  readonly service: string
  /** What the code is bound to (PSD2); nothing stands where a request names none. */
  readonly amount?: string | undefined
  readonly payee?: string | undefined
}

/**
 * The text of a message. Every placeholder is replaced once, so a service named `{code}` stays a name. Template and name were
 * checked at the door that took them; a control character here is our bug.
 */
export function renderMessage(template: string, facts: MessageFacts): string {
  const values: Readonly<Record<string, string>> = {
    code: facts.code,
    minutes: String(facts.minutes),
    service: facts.service,
    amount: facts.amount ?? '',
    payee: facts.payee ?? '',
  }
  const text = template.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole)
  assert(isPrintable(text), 'a message has no control characters')
  return text
}
