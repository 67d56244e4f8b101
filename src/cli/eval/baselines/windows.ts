export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Counts by key within calendar windows: all counts begin anew when a window does. */
export class CalendarCount {
  readonly #windowMs: number
  readonly #counts = new Map<string, number>()
  #window = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  at(key: string, atMs: number): number {
    this.#turn(atMs)
    return this.#counts.get(key) ?? 0
  }

  add(key: string, atMs: number): void {
    this.#counts.set(key, this.at(key, atMs) + 1)
  }

  #turn(atMs: number): void {
    const window = Math.floor(atMs / this.#windowMs)
    if (window === this.#window) return
    this.#window = window
    this.#counts.clear()
  }
}

/** One send that may still be answered. */
export type OpenSend = { readonly atMs: number; readonly place: number; open: boolean }

/** Sends of the last day that nobody has answered, and how many of them are of the last hour. */
export class OpenSends {
  #sends: OpenSend[] = []
  #dropped = 0
  #dayFrom = 0
  #hourFrom = 0
  #day = 0
  #hour = 0

  add(atMs: number): OpenSend {
    const send = { atMs, place: this.#dropped + this.#sends.length, open: true }
    this.#sends.push(send)
    this.#day++
    this.#hour++
    return send
  }

  /** The send was answered, or its answer does not matter any more. */
  close(send: OpenSend): void {
    if (!send.open) return
    send.open = false
    if (send.place >= this.#dayFrom) this.#day--
    if (send.place >= this.#hourFrom) this.#hour--
  }

  at(nowMs: number): { readonly day: number; readonly hour: number } {
    while (this.#older(this.#hourFrom, nowMs - HOUR)) {
      if (this.#sends[this.#hourFrom - this.#dropped]?.open) this.#hour--
      this.#hourFrom++
    }
    while (this.#older(this.#dayFrom, nowMs - DAY)) {
      if (this.#sends[this.#dayFrom - this.#dropped]?.open) this.#day--
      this.#dayFrom++
    }
    if (this.#dayFrom - this.#dropped > 1_000) {
      this.#sends = this.#sends.slice(this.#dayFrom - this.#dropped)
      this.#dropped = this.#dayFrom
    }
    return { day: this.#day, hour: this.#hour }
  }

  #older(place: number, thanMs: number): boolean {
    const send = this.#sends[place - this.#dropped]
    return send !== undefined && send.atMs <= thanMs
  }
}

/** The value of a key, made when it is first asked for. */
export function orMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
