import type { Opening, VerificationStore } from '../../codes/verification-store.ts'

/** A replay spends nothing: prices are told, balances are not touched and the ledger does not grow with the recording. */
export function withoutMoney(store: VerificationStore): VerificationStore {
  const free = <T extends Pick<Opening, 'reservation'>>(opening: T): T => ({
    ...opening,
    reservation: undefined,
  })
  return {
    open: (opening) => store.open(free(opening)),
    refuse: (verification) => store.refuse(verification),
    resend: (key, opening) => store.resend(key, free(opening)),
    claimAttempt: (key, nowMs) => store.claimAttempt(key, nowMs),
    approve: (key, nowMs) => store.approve(key, nowMs),
    cancel: (key, nowMs) => store.cancel(key, nowMs),
    find: (key) => store.find(key),
    list: (accountId, filter, page) => store.list(accountId, filter, page),
    takeMatured: (sentBeforeMs, limit) => store.takeMatured(sentBeforeMs, limit),
    since: (after, limit) => store.since(after, limit),
  }
}
