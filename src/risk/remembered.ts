/**
 * The same function with a memory of its `limit` most recently asked texts: for pure work that is dear and comes again.
 */
export function remembered<Value>(
  limit: number,
  work: (text: string) => Value,
): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const hit = known.get(text)
    if (hit !== undefined) {
      known.delete(text)
      known.set(text, hit)
      return hit
    }
    const made = work(text)
    known.set(text, made)
    // A Map walks its keys in the order they were set, so the first is the one not asked for the longest.
    if (known.size > limit) known.delete(known.keys().next().value ?? text)
    return made
  }
}
