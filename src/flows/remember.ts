import { hasPassed } from '../domain/decision.ts'
import type { Subjects } from '../domain/subjects.ts'
import type { Verification } from '../domain/verification.ts'
import { type Customer, isKnown } from '../risk/customers.ts'
import type { Memory } from '../risk/feature-memory.ts'
import type {
  Destination,
  RangeAsk,
  RangeLearner,
  RangeOutcome,
  RangeSight,
} from '../risk/ranges/watch.ts'
import type { Signals } from '../risk/signals.ts'
import { gateRanges, learnProbe } from './gate-ranges.ts'
import type { House } from './house.ts'

type RememberingHouse = Pick<House, 'platform' | 'customers' | 'ranges' | 'rangeBlocks'>
type TellingHouse = Omit<RememberingHouse, 'ranges'> & { readonly ranges: RangeLearner }

/** What is known of the number and its ranges, with this request counted. A memory that fails knows nothing. */
export async function remember(
  house: RememberingHouse,
  { signals, subjects }: { readonly signals: Signals; readonly subjects: Subjects },
): Promise<Memory> {
  const { atMs, accountId, price } = signals
  const { phone, country } = signals.phone
  const customer = await customerOf(house, subjects)
  const known = isKnown(customer, atMs)
  const ask = { atMs, accountId, phone, country, subjects, price, known }
  const sight = await lookAt(house, ask)
  const closure = known ? 'open' : await gateRanges(house, { accountId, subjects, atMs, sight })
  return { atMs, customer, sight, closure }
}

async function customerOf(
  house: Pick<House, 'platform' | 'customers'>,
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

async function lookAt(house: RememberingHouse, ask: RangeAsk): Promise<RangeSight | undefined> {
  try {
    return await house.ranges.look(ask)
  } catch {
    house.platform.log.error('ranges.unavailable', { while: 'issue' })
    return undefined
  }
}

/** Tells the ranges what became of a verification's send. */
export async function noteOutcome(
  house: TellingHouse,
  verification: Verification,
  outcome: Pick<RangeOutcome, 'kind' | 'atMs'> &
    Partial<Pick<RangeOutcome, 'delayMs' | 'sameNetwork'>>,
): Promise<void> {
  const { subjects, createdAtMs, decision } = verification
  const { kind, atMs, sameNetwork } = outcome
  const known = isKnown(await customerOf(house, subjects), createdAtMs)
  try {
    await house.ranges.note({
      accountId: verification.accountId,
      phone: verification.phone,
      subjects,
      price: verification.price,
      country: verification.traffic.country,
      kind,
      atMs,
      known,
      passed: hasPassed(decision),
      delayMs: outcome.delayMs ?? 0,
      sameNetwork,
    })
  } catch {
    house.platform.log.error('ranges.unavailable', { while: kind })
  }
  if (known || (kind !== 'typed' && kind !== 'unanswered')) return
  await learnProbe(house, verification, { atMs, isGood: kind === 'typed' && sameNetwork !== false })
}

/** Where a verification's message went, as the ranges are told. */
export function destinationOf({
  accountId,
  phone,
  subjects,
  price,
  traffic,
}: Verification): Destination {
  return { accountId, phone, subjects, price, country: traffic.country }
}
