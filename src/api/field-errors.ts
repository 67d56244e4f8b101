import type * as z from 'zod'
import { type FieldError, Problem } from '../domain/problems.ts'

const ERRORS_MAX = 20
/** Keys come from the caller; a pointer repeats them only so far. */
const KEY_LENGTH_MAX = 64

/** Every wrong field at once, up to 20 of them. */
export function invalidFields(errors: readonly FieldError[]): Problem {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const about = first === undefined ? {} : { detail: `${placeOf(first)} ${first.detail}${more}` }
  return new Problem('invalid_request', { ...about, errors: errors.slice(0, ERRORS_MAX) })
}

const placeOf = ({ pointer }: FieldError): string => (pointer === '' ? 'The body' : pointer)

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${escaped(String(key))}`).join('')
}

const escaped = (key: string): string =>
  key.slice(0, KEY_LENGTH_MAX).replaceAll('~', '~0').replaceAll('/', '~1')

/** What zod found, in words for whoever sent it. Parse with `reportInput: true`, or a missing field reads as one of a wrong type. */
export function fieldErrorsOf(
  issues: readonly z.core.$ZodIssue[],
  toPointer: (path: readonly PropertyKey[]) => string = pointerOf,
): readonly FieldError[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ pointer: toPointer(issue.path), detail: detailOf(issue) }]
    }
    return issue.keys
      .slice(0, ERRORS_MAX)
      .map((key) => ({ pointer: toPointer([...issue.path, key]), detail: 'is not a known field' }))
  })
}

function detailOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${kindOf(issue.expected)}`
    case 'invalid_value':
      if (issue.input === undefined) return 'is required'
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
    case 'too_small':
      return `must ${boundOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `must ${boundOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_key':
      return `has a name that ${issue.issues[0] === undefined ? 'is not valid' : detailOf(issue.issues[0])}`
    case 'invalid_union':
      return issue.input === undefined ? 'is required' : 'matches none of the forms it may have'
    case 'invalid_format':
    case 'custom':
      return issue.message
    default:
      return 'is not valid'
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}
const kindOf = (expected: string): string => KINDS[expected] ?? `of type ${expected}`

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' }
const unitOf = (origin: string): string => UNITS[origin] ?? ''
const boundOf = (origin: string): string => (origin in UNITS ? 'have' : 'be')
