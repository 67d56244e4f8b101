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

/** `later` gets what receipts that were set aside say in the end. */
export function openPartBook(
  shelf: PartShelf,
  later: (whole: Promise<Delivery | undefined>) => void,
): PartBook {
  const underWay = new Set<Promise<unknown>>()
  let aside = 0
  const lookUp = async (delivery: Delivery): Promise<Delivery | undefined | 'no_part'> => {
    const { status, providerMessageId = '' } = delivery
    const whole = await shelf.tell(providerMessageId, status === 'delivered')
    if (whole === undefined) return 'no_part'
    const isOver = status !== 'delivered' || whole.missing === 0
    return isOver ? { ...delivery, providerMessageId: whole.id } : undefined
  }
  /** Waits for these texts alone: others begin all the time. */
  const after = async (texts: readonly Promise<unknown>[], delivery: Delivery) => {
    await Promise.allSettled(texts)
    aside -= 1
    const found = await lookUp(delivery)
    return found === 'no_part' ? delivery : found
  }
  return {
    during: (sending) => {
      const text = sending().finally(() => underWay.delete(text))
      underWay.add(text)
      return text
    },
    wholeOf: async (delivery) => {
      const texts = [...underWay]
      const found = await lookUp(delivery)
      if (found !== 'no_part') return found
      if (texts.length === 0 || aside >= ASIDE_MAX) return delivery
      aside += 1
      later(after(texts, delivery))
      return undefined
    },
  }
}
