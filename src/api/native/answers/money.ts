import type * as z from 'zod'
import type { Balance, LedgerEntry } from '../../../billing/ledger-store.ts'
import type { balanceAnswer, ledgerPage } from '../schemas/money.ts'
import { instantOf } from '../schemas/texts.ts'

export const toBalanceAnswer = (balance: Balance): z.input<typeof balanceAnswer> => ({
  currency: balance.currency,
  available_micros: balance.available,
  held_micros: balance.held,
  spent_micros: balance.spent,
})

export function toLedgerEntry(entry: LedgerEntry): z.input<typeof ledgerPage>['entries'][number] {
  const { sendId, verificationId, note } = entry
  return {
    id: entry.id,
    posting: entry.postingId,
    account: entry.account,
    amount_micros: entry.amount,
    currency: entry.currency,
    at: instantOf(entry.atMs),
    ...(verificationId === undefined ? {} : { verification: verificationId }),
    ...(sendId === undefined ? {} : { send: sendId }),
    ...(note === undefined ? {} : { note }),
  }
}
