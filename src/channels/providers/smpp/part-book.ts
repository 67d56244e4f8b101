import type { Delivery } from '../../../domain/send.ts'

const KEPT_MAX = 20_000

type Long = {
  /** The id of its first part, by which the whole is known. */
  readonly id: string
  readonly missing: Set<string>
  isBroken: boolean
}

/** Which parts make up a long text, so that it counts as delivered only when all of them are. Lost with the process. */
export type PartBook = {
  /** Wraps the sending of a long text: receipts that overtake its answers are set aside until all its ids are known. */
  readonly during: <T>(sending: () => Promise<T>) => Promise<T>
  readonly noteLong: (ids: readonly string[]) => void
  /** What the receipt of a part says about the whole; undefined while it says nothing yet. */
  readonly wholeOf: (delivery: Delivery) => Delivery | undefined
}

/** `release` gets what was set aside, to be looked at again. */
export function openPartBook(release: (delivery: Delivery) => void): PartBook {
  const longs = new Map<string, Long>()
  let underWay = 0
  let aside: Delivery[] = []
  const settle = () => {
    underWay -= 1
    if (underWay > 0) return
    const waited = aside
    aside = []
    for (const delivery of waited) release(delivery)
  }
  return {
    during: (sending) => {
      underWay += 1
      return sending().finally(settle)
    },
    noteLong: (ids) => {
      const [id] = ids
      if (id === undefined) return
      const long = { id, missing: new Set(ids), isBroken: false }
      for (const each of ids) longs.set(each, long)
      for (const each of longs.keys()) {
        if (longs.size <= KEPT_MAX) break
        longs.delete(each)
      }
    },
    wholeOf: (delivery) => {
      const long = longs.get(delivery.providerMessageId ?? '')
      if (long !== undefined) return wholeBy(long, delivery)
      if (underWay === 0 || aside.length >= KEPT_MAX) return delivery
      aside.push(delivery)
      return undefined
    },
  }
}

function wholeBy(long: Long, delivery: Delivery): Delivery | undefined {
  const { status, providerMessageId = '' } = delivery
  const whole = { ...delivery, providerMessageId: long.id }
  if (status === 'delivered') {
    long.missing.delete(providerMessageId)
    return long.missing.size === 0 ? whole : undefined
  }
  if (status === 'undelivered' || status === 'failed') {
    if (long.isBroken) return undefined
    long.isBroken = true
  }
  return whole
}
