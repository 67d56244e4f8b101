/**
 * The same function with a memory of at least the `limit` texts that it was asked last, at most twice as many: for pure work that
 * is dear and comes again. It forgets in two generations, so that a hit changes nothing and costs one look.
 */
export function remembered<Value>(
  limit: number,
  work: (text: string) => Value,
): (text: string) => Value {
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
  return (text) => young.get(text) ?? keep(text, old.get(text) ?? work(text))
}
