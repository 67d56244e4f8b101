/**
 * Hands out the entries of a map from its front, for callers that delete, or set anew, each one that they get. A fresh iterator would
 * first walk over every hole that earlier deletions left there, which in a large full map costs more than all the rest.
 */
export function frontOf<Key, Value>(
  map: ReadonlyMap<Key, Value>,
): () => readonly [Key, Value] | undefined {
  let cursor = map.entries()
  return () => {
    let next = cursor.next()
    if (next.done === true) {
      cursor = map.entries()
      next = cursor.next()
    }
    return next.done === true ? undefined : next.value
  }
}

/**
 * Hands out the entries at the front of a map as soon as they are old, for callers that delete each one that they get. One that
 * is still too young is asked for again.
 */
export function oldFrontOf<Key, Value extends {}>(
  map: ReadonlyMap<Key, Value>,
  isOld: (value: Value, nowMs: number) => boolean,
): (nowMs: number) => Key | undefined {
  const next = frontOf(map)
  let first: Key | undefined
  return (nowMs) => {
    let value = first === undefined ? undefined : map.get(first)
    if (value === undefined) {
      const entry = next()
      first = entry?.[0]
      value = entry?.[1]
    }
    return value !== undefined && isOld(value, nowMs) ? first : undefined
  }
}
