/** A comparison of one number or flag with a literal. Flags are 0 and 1. */
export type Test = {
  /** In FEATURES. */
  readonly place: number
  readonly op: TestOp
  readonly literal: number
  /** What it comes to where the feature is not known. */
  readonly isSo: boolean
}

export const TEST_OPS = ['>=', '>', '<=', '<', '=='] as const
export type TestOp = (typeof TEST_OPS)[number]
const [AT_LEAST, ABOVE, AT_MOST, BELOW] = [0, 1, 2, 3]

/** Whether a rule, by its place, passes all of its tests on these values. */
export type Sieve = (rule: number, values: Float64Array) => boolean

/**
 * The tests of many rules side by side in typed arrays. One short loop rules out nearly all rules of a request, where calling a function
 * for each would mostly be waiting for its code.
 */
export function makeSieve(rules: readonly (readonly Test[])[]): Sieve {
  const tests = rules.flat()
  let end = 0
  const ends = Int32Array.from(rules, (own) => {
    end += own.length
    return end
  })
  const places = Int32Array.from(tests, ({ place }) => place)
  const ops = Int32Array.from(tests, ({ op }) => TEST_OPS.indexOf(op))
  const literals = Float64Array.from(tests, ({ literal }) => literal)
  const isSo = Uint8Array.from(tests, (test) => (test.isSo ? 1 : 0))
  return (rule, values) => {
    const last = ends[rule] as number
    for (let at = rule === 0 ? 0 : (ends[rule - 1] as number); at < last; at++) {
      const value = values[places[at] as number] as number
      const holds = Number.isNaN(value)
        ? isSo[at] === 1
        : compare(value, ops[at] as number, literals[at] as number)
      if (!holds) return false
    }
    return true
  }
}

function compare(value: number, op: number, literal: number): boolean {
  if (op === AT_LEAST) return value >= literal
  if (op === ABOVE) return value > literal
  if (op === AT_MOST) return value <= literal
  return op === BELOW ? value < literal : value === literal
}
