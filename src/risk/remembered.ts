/**
 * The same function with a memory of at least the `limit` texts that it was asked last, at most twice as many: for pure work that
 * is dear and comes again. It forgets in two generations, so that a hit changes nothing and costs one look.
 */
export const remembered = <Value>(
  limit: number,
  work: (text: string) => Value,
): ((text: string) => Value) => rememberedBy(limit, { keyOf: (text: string) => text, work })

type Work<Input, Value> = {
  /** Inputs of one key come to the same; undefined: not worth a place in memory. */
  readonly keyOf: (input: Input) => string | undefined
  readonly work: (input: Input) => Value
}

/** The same for inputs that are more than a text. */
export function rememberedBy<Input, Value>(
  limit: number,
  { keyOf, work }: Work<Input, Value>,
): (input: Input) => Value {
  let young = new Map<string, Value>()
  let old = young
  const keep = (text: string, value: Value): Value => {
    if (young.size >= limit) {
      old = young
      young = new Map()
    }
    young.set(text, value)
    return value
  }
  return (input) => {
    const key = keyOf(input)
    if (key === undefined) return work(input)
    return young.get(key) ?? keep(key, old.get(key) ?? work(input))
  }
}
