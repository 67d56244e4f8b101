/** Around the instant of a send: the vendor's clock may be a little off, and a request may take as long as its timeout. */
const BEFORE_MS = 5_000
const AFTER_MS = 35_000

/** Whether a vendor's record, by its ISO 8601 instant, may be of the send at that time. */
export function isNearSend(instant: string | null | undefined, sentAtMs: number): boolean {
  const laterMs = Date.parse(instant ?? '') - sentAtMs
  return laterMs >= -BEFORE_MS && laterMs <= AFTER_MS
}
