/** One thing wrong in a file of the operator's, where an editor can jump to it. Lines and columns count from 1. */
export type Mistake = {
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is wrong and what was expected. */
  readonly message: string
}

/** A file that was read: either everything in it is right, or these are the mistakes in it. */
export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'wrong'; readonly mistakes: readonly Mistake[] }

/** `policy.yaml:12:5: what is wrong`, as editors and terminals understand it. */
export const formatMistake = ({ file, line, column, message }: Mistake): string =>
  `${file}:${line}:${column}: ${message}`

/** By file, then from top to bottom. */
export const sortMistakes = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  mistakes.toSorted(
    (left, right) =>
      compareText(left.file, right.file) || left.line - right.line || left.column - right.column,
  )

const compareText = (left: string, right: string): number =>
  left < right ? -1 : Number(left > right)
