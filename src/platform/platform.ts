/** Everything the outside world does to us that we cannot predict. Simulations and replays replace all of it. */
export interface Platform {
  /** Unix milliseconds. */
  readonly nowMs: () => number
  /** Cryptographically strong outside tests. */
  readonly randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  readonly fetch: typeof fetch
  /** Runs after the response: `waitUntil` on Workers, a tracked promise that SIGTERM drains on Node. */
  readonly defer: (task: Promise<unknown>) => void
  readonly log: Log
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Events are `noun.verb` with flat fields. Phones are masked before they get here; codes never do. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}
