/** One thing wrong in an operator's file: where in its tree, and what was expected there. Never holds a secret's value. */
export type Mistake = {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What a schema library reports, as far as it is read here (zod's issues have this shape). */
export type SchemaIssue = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** Fields that the schema does not know. */
  readonly keys?: readonly string[]
  /** What is wrong with the key at `path`. */
  readonly issues?: readonly SchemaIssue[]
  /** What each alternative of a union had against the value. */
  readonly errors?: readonly (readonly SchemaIssue[])[]
}

/**
 * Schema issues as mistakes, each at the place to edit: an unknown field at the field, a bad key at the key, and inside a union at
 * the member that spoils the alternative that was meant. `under` is where in the file the checked value stands.
 */
export function mistakesOf(
  issues: readonly SchemaIssue[],
  under: readonly (string | number)[] = [],
): readonly Mistake[] {
  return issues.flatMap((issue) => mistakesOfOne(issue, under))
}

function mistakesOfOne(
  { path: steps, message, keys, issues, errors }: SchemaIssue,
  under: readonly (string | number)[],
): readonly Mistake[] {
  const path = [...under, ...steps.map(toStep)]
  if (keys !== undefined)
    return keys.map((key) => ({ path: [...path, key], message: UNKNOWN_FIELD }))
  const meant = errors?.find(isInsideOnly)
  if (meant !== undefined) return mistakesOf(meant, path)
  return [{ path, message: issues?.[0]?.message ?? message }]
}

/** The message at a field that the schema does not know. */
export const UNKNOWN_FIELD = 'unknown field'

/** An alternative that only dislikes members, not the value itself, is the one that its author had in mind. */
const isInsideOnly = (branch: readonly SchemaIssue[]): boolean =>
  branch.length > 0 && branch.every((issue) => issue.path.length > 0)

const toStep = (step: PropertyKey): string | number =>
  typeof step === 'symbol' ? String(step) : step
