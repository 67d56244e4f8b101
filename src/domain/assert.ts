/** Thrown when our own code is wrong. A caller sees `internal`; the log sees the claim. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** Stops the request when our own code is wrong. Never use it to check what a caller sent. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Bug(claim)
}

/** Makes the compiler prove that a switch is exhaustive. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${JSON.stringify(value)}`)
}
