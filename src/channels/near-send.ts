/** Around the instant of a send: the vendor's clock may be a little off, and a request may take as long as its timeout. */
export const NEAR_SEND = { beforeMs: 5_000, afterMs: 35_000 } as const

/** Whether a vendor's record, by its instant in ISO 8601 or what is like it, may be of the send at that time. */
export function isNearSend(instant: string | null | undefined, sentAtMs: number): boolean {
  const laterMs = Date.parse(instant ?? '') - sentAtMs
  return laterMs >= -NEAR_SEND.beforeMs && laterMs <= NEAR_SEND.afterMs
}
