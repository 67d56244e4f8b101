import type { Log, LogFields, Platform } from './platform.ts'

/** The machine's own clock, chance and network. `defer` differs by runtime, `write` by where a log line goes. */
export function realPlatform(
  defer: Platform['defer'],
  write: (line: string) => void = (line) => console.log(line),
): Platform {
  return {
    nowMs: () => Date.now(),
    randomBytes: pooledRandomBytes(),
    fetch: (input, init) => fetch(input, init),
    defer,
    log: jsonLog(write, () => Date.now()),
  }
}

/** One JSON object a line: `at`, `level`, `event`, then the fields. */
export function jsonLog(write: (line: string) => void, nowMs: () => number): Log {
  const line = (level: string) => (event: string, fields?: LogFields) =>
    write(JSON.stringify({ at: new Date(nowMs()).toISOString(), level, event, ...fields }))
  return { info: line('info'), warn: line('warn'), error: line('error') }
}

const POOL_BYTES = 4096

/** A call for random bytes costs more than the bytes, so they are drawn by the page and given out once each. */
function pooledRandomBytes(): Platform['randomBytes'] {
  let pool = new Uint8Array(0)
  let used = 0
  return (length) => {
    if (length > POOL_BYTES / 4) return crypto.getRandomValues(new Uint8Array(length))
    if (used + length > pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(POOL_BYTES))
      used = 0
    }
    const bytes = pool.slice(used, used + length)
    pool.fill(0, used, used + length)
    used += length
    return bytes
  }
}
