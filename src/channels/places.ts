import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'

/** The kinds that codes go before. */
export type LowerKind = Exclude<MessageKind, 'otp'>

/** How many rows of the outbox a lease may take, and of which kind. */
export type Places = {
  readonly all: number
  /** At most so many of a kind, so that slow ones of it leave room to work for others. */
  readonly most: Readonly<Record<LowerKind, number>>
  /** So many of a kind go before everything else. */
  readonly kept: Readonly<Record<LowerKind, number>>
}

/** Of all places while codes wait for every one of them: enough that nothing waits for ever, too little to be felt. */
export const SHARES: Readonly<Record<LowerKind, number>> = { notice: 1 / 15, bulk: 1 / 30 }
/** What a kind saved up while none of it waited is no reason to go before codes later. */
const OWED_MAX = 4

/** Counts what is owed to the lower kinds over all leases, so that the smallest leases keep the shares too. */
export function openShares(): (all: number, most: Places['most']) => Places {
  const owed = { notice: 0, bulk: 0 }
  const keep = (kind: LowerKind, earned: number, free: number): number => {
    const now = Math.min(OWED_MAX, owed[kind] + earned * SHARES[kind])
    const kept = Math.min(free, Math.floor(now))
    owed[kind] = now - kept
    return kept
  }
  return (all, most) => {
    const notice = keep('notice', all, all)
    return { all, most, kept: { notice, bulk: keep('bulk', all, all - notice) } }
  }
}

/** Codes before notices before bulk, each oldest first, but for the places that are kept. */
export function choose<T>(
  waiting: Readonly<Record<MessageKind, readonly T[]>>,
  { all, most, kept }: Places,
): readonly T[] {
  const allowed = {
    ...waiting,
    notice: waiting.notice.slice(0, most.notice),
    bulk: waiting.bulk.slice(0, most.bulk),
  }
  const first = [...allowed.notice.slice(0, kept.notice), ...allowed.bulk.slice(0, kept.bulk)]
  const ordered = MESSAGE_KINDS.flatMap((kind) => allowed[kind])
  return [...new Set([...first, ...ordered])].slice(0, all)
}
