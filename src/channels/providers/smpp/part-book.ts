import type { Delivery } from '../../../domain/send.ts'
import type { PartShelf } from '../../part-shelf.ts'

const ASIDE_MAX = 20_000

/** Makes the receipts of parts into those of wholes: a long text counts as delivered only when all of its parts are. */
export type PartBook = {
  /** Wraps the sending of a long text: receipts that overtake its answers are set aside until all its ids are known. */
  readonly during: <T>(sending: () => Promise<T>) => Promise<T>
  /** What a receipt says about the whole; undefined while it says nothing yet. */
  readonly wholeOf: (delivery: Delivery) => Promise<Delivery | undefined>
}

/** `release` gets what was set aside, to be looked at again. */
export function openPartBook(shelf: PartShelf, release: (delivery: Delivery) => void): PartBook {
  let underWay = 0
  let aside: Delivery[] = []
  const settle = () => {
    underWay -= 1
    if (underWay > 0) return
    const waited = aside
    aside = []
    for (const delivery of waited) release(delivery)
  }
  const wholeOf = async (delivery: Delivery): Promise<Delivery | undefined> => {
    const wasUnderWay = underWay > 0
    const { status, providerMessageId = '' } = delivery
    const whole = await shelf.tell(providerMessageId, status === 'delivered')
    if (whole !== undefined) {
      const isOver = status !== 'delivered' || whole.missing === 0
      return isOver ? { ...delivery, providerMessageId: whole.id } : undefined
    }
    if (!wasUnderWay) return delivery
    // All ids may have become known while the shelf was asked.
    if (underWay === 0) return wholeOf(delivery)
    if (aside.length >= ASIDE_MAX) return delivery
    aside.push(delivery)
    return undefined
  }
  return {
    during: (sending) => {
      underWay += 1
      return sending().finally(settle)
    },
    wholeOf,
  }
}
