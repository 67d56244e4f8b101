import type { Subjects } from '../domain/subjects.ts'
import type { Verification } from '../domain/verification.ts'
import { type Customer, isKnown } from '../risk/customers.ts'
import type { Memory } from '../risk/feature-memory.ts'
import type { RangeOutcome } from '../risk/ranges/watch.ts'
import type { Signals } from '../risk/signals.ts'
import { gateRanges, learnProbe } from './gate-ranges.ts'
import type { House } from './house.ts'

type RememberingHouse = Pick<House, 'platform' | 'customers' | 'ranges' | 'rangeBlocks'>

/** What is known of the number and its ranges, with this request counted. A memory that fails knows nothing. */
export async function remember(
  house: RememberingHouse,
  { signals, subjects }: { readonly signals: Signals; readonly subjects: Subjects },
): Promise<Memory> {
  const { atMs, accountId, price } = signals
  const { phone, country } = signals.phone
  const customer = await customerOf(house, subjects)
  const known = isKnown(customer, atMs)
  const sight = house.ranges.look({ atMs, accountId, phone, country, subjects, price, known })
  const closure = known ? 'open' : await gateRanges(house, { accountId, atMs, sight })
  return { atMs, customer, sight, closure }
}

async function customerOf(
  house: RememberingHouse,
  { phone }: Subjects,
): Promise<Customer | undefined> {
  if (phone === undefined) return undefined
  try {
    return await house.customers.find(phone)
  } catch {
    house.platform.log.error('customers.unavailable')
    return undefined
  }
}

/** Tells the ranges what became of a verification's send. */
export async function noteOutcome(
  house: RememberingHouse,
  verification: Verification,
  outcome: Pick<RangeOutcome, 'kind' | 'atMs'> &
    Partial<Pick<RangeOutcome, 'delayMs' | 'sameNetwork'>>,
): Promise<void> {
  const { accountId, phone, subjects, price, createdAtMs, traffic } = verification
  const customer = await customerOf(house, subjects)
  const known = isKnown(customer, createdAtMs)
  house.ranges.note({
    accountId,
    phone,
    country: traffic.country,
    subjects,
    price,
    known,
    delayMs: 0,
    sameNetwork: undefined,
    ...outcome,
  })
  const { kind, atMs, sameNetwork } = outcome
  if (known || (kind !== 'typed' && kind !== 'unanswered')) return
  await learnProbe(house, verification, { atMs, isGood: kind === 'typed' && sameNetwork !== false })
}
