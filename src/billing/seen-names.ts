/**
 * Remembers which names were seen by 64 bits of each, in 18 bytes a name at most, where a set of strings takes ten times that. Two of
 * a million names share their bits once in tens of millions of runs.
 */
export class SeenNames {
  #high = new Uint32Array(1 << 10)
  #low = new Uint32Array(1 << 10)
  #size = 0

  has(name: string): boolean {
    const [high, low] = bitsOf(name)
    return this.#isAt(this.#placeOf(high, low))
  }

  /** True when it was not there before. */
  add(name: string): boolean {
    const [high, low] = bitsOf(name)
    const place = this.#placeOf(high, low)
    if (this.#isAt(place)) return false
    this.#high[place] = high
    this.#low[place] = low
    this.#size += 1
    if (this.#size * 2 > this.#high.length) this.#grow()
    return true
  }

  #isAt(place: number): boolean {
    return this.#high[place] !== 0 || this.#low[place] !== 0
  }

  /** Where the bits are, or the free place where they would go. */
  #placeOf(high: number, low: number): number {
    const mask = this.#high.length - 1
    let place = low & mask
    while (this.#isAt(place) && (this.#high[place] !== high || this.#low[place] !== low)) {
      place = (place + 1) & mask
    }
    return place
  }

  #grow(): void {
    const [high, low] = [this.#high, this.#low]
    this.#high = new Uint32Array(high.length * 2)
    this.#low = new Uint32Array(high.length * 2)
    for (let at = 0; at < high.length; at++) {
      const [one = 0, other = 0] = [high[at], low[at]]
      if (one === 0 && other === 0) continue
      const place = this.#placeOf(one, other)
      this.#high[place] = one
      this.#low[place] = other
    }
  }
}

/** Two hashes with different multipliers, mixed at the end; never both zero, which means a free place. */
function bitsOf(name: string): readonly [high: number, low: number] {
  let high = 0x2c1b3c6d
  let low = 0x297a2d39
  for (let at = 0; at < name.length; at++) {
    const char = name.charCodeAt(at)
    high = Math.imul(high ^ char, 0x85ebca6b)
    low = Math.imul(low ^ char, 0xc2b2ae35)
    high ^= low >>> 15
    low ^= high >>> 13
  }
  return [mixed(high ^ (low >>> 16)), (mixed(low ^ (high >>> 16)) | 1) >>> 0]
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b)
  return (twice ^ (twice >>> 16)) >>> 0
}
