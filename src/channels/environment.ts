import type { Mistake } from '../domain/mistake.ts'

/** The process's or the Worker's variables, handed in by the entry. */
export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\{([^}]*)\}/g
const NAME = /^[A-Z_][A-Z0-9_]*$/

type Substituted = { readonly value: unknown; readonly mistakes: readonly Mistake[] }

/**
 * Replaces `${NAME}` in every string below `value` by that variable. Missing and empty variables are mistakes; what is
 * put in is not read again, so a secret may contain `${`.
 */
export function substituteEnvironment(
  value: unknown,
  environment: Environment,
  path: readonly (string | number)[],
): Substituted {
  if (typeof value === 'string') return substituteText(value, environment, path)
  if (typeof value !== 'object' || value === null) return { value, mistakes: [] }
  const isList = Array.isArray(value)
  const members = Object.entries(value).map(([key, child]) => {
    const step = isList ? Number(key) : key
    return [key, substituteEnvironment(child, environment, [...path, step])] as const
  })
  return {
    value: isList
      ? members.map(([, child]) => child.value)
      : Object.fromEntries(members.map(([key, child]) => [key, child.value])),
    mistakes: members.flatMap(([, child]) => child.mistakes),
  }
}

function substituteText(
  text: string,
  environment: Environment,
  path: readonly (string | number)[],
): Substituted {
  const mistakes: Mistake[] = []
  const value = text.replace(REFERENCE, (_whole, name: string) => {
    const found = NAME.test(name) ? environment[name] : undefined
    if (found === undefined || found === '') mistakes.push({ path, message: missing(name) })
    return found ?? ''
  })
  return { value, mistakes }
}

/** Tells the one mistake that the place where the file is read may be to blame for. */
export const isUnsetVariable = (message: string): boolean =>
  /: the environment variable [A-Z_][A-Z0-9_]* is not set$/.test(message)

const missing = (name: string): string =>
  NAME.test(name)
    ? `the environment variable ${name} is not set`
    : `expected \${NAME} with capital letters, digits and _`
