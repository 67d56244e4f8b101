import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { closingPosting, reserve } from '../../src/billing/postings.ts'
import type { Dispatched, OutboxJob } from '../../src/channels/outbox-store.ts'
import type { QueryResult } from '../../src/channels/provider.ts'
import type { SendId } from '../../src/domain/ids.ts'
import type { Delivery } from '../../src/domain/send.ts'
import { sendError } from '../../src/domain/send-error.ts'
import { reconcileSends } from '../../src/flows/reconcile-sends.ts'
import { closingOf } from '../../src/flows/record-receipts.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import { NO_PHONE_DATA } from '../../src/risk/phone-index.ts'
import { openSqlStores } from '../stores/open-stores.ts'
import {
  ALICE,
  opening,
  roomFor,
  type StoreSet,
  sendOf,
  T0,
  topUp,
  verification,
} from '../stores/suites/examples.ts'
import { memoryStores } from '../stores/suites/stores.ts'
import { acceptedAs, scriptedRouter } from '../support/scripted-router.ts'

const SECOND = 1_000
const LEASE_MS = 30 * SECOND
const WALK_MS = 15 * SECOND
const PROVIDERS = ['left', 'right'] as const

type Outcome = 'accepted' | 'answer lost' | 'failed' | 'died' | 'died before'
type Step =
  | { readonly do: 'lease'; readonly named: number | undefined }
  | {
      readonly do: 'ask'
      readonly who: number
      readonly provider: number
      readonly outcome: Outcome
    }
  | { readonly do: 'write' | 'drop'; readonly who: number }
  | { readonly do: 'receipt'; readonly status: Delivery['status'] }
  | { readonly do: 'reconcile' }
  | { readonly do: 'pass'; readonly seconds: number }

const who = fc.nat({ max: 3 })
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })
const constant = <T extends string>(...values: readonly T[]) => fc.constantFrom<T[]>(...values)
const steps = fc.array(
  fc.oneof(
    weighted(3, fc.record({ do: constant('lease'), named: fc.constantFrom(undefined, 0, 1) })),
    weighted(
      4,
      fc.record({
        do: constant('ask'),
        who,
        provider: fc.nat({ max: 1 }),
        outcome: constant<Outcome>('accepted', 'answer lost', 'failed', 'died', 'died before'),
      }),
    ),
    weighted(3, fc.record({ do: constant('write', 'write', 'drop'), who })),
    weighted(
      1,
      fc.record({
        do: constant('receipt'),
        status: constant<Delivery['status']>('queued', 'sent', 'delivered', 'undelivered'),
      }),
    ),
    weighted(1, fc.record({ do: constant('reconcile') })),
    weighted(3, fc.record({ do: constant('pass'), seconds: fc.constantFrom(1, 14, 31, 61) })),
  ),
  { minLength: 20, maxLength: 60, size: 'max' },
)

/** Somebody who holds a lease, with what they will write about it. */
type Holder = {
  readonly job: OutboxJob
  readonly leasedAtMs: number
  readonly ended: Dispatched | 'later' | undefined
}

/** One message, any number of dispatchers that die and come late, and two providers that tell the truth if asked. */
async function play(stores: StoreSet, plan: readonly Step[]) {
  const clock = virtualClock(T0)
  const platform = virtualPlatform({ clock, dice: seededDice(1) })
  await stores.ledger.post(topUp(1_000_000))
  const of = verification()
  const send = sendOf(of)
  const reservation = reserve(send, T0)
  await stores.verifications.open(opening({ verification: of, send, reservation }))
  const acceptedBy: string[] = []
  const query =
    (name: string) =>
    async ({ id }: { id: SendId }): Promise<QueryResult> =>
      acceptedBy.includes(name)
        ? { kind: 'found', delivery: deliveryOf(id, 'sent') }
        : { kind: 'absent' }
  const script = (name: string) => ({ send: async () => acceptedAs(undefined), query: query(name) })
  const sandbox = { put: async () => {}, list: async () => [] }
  const scripts = { left: script('left'), right: script('right') }
  const router = scriptedRouter(scripts)({ platform, sandbox })
  const house = {
    ...stores,
    platform,
    policy: () => ({ router }) as never,
    phoneData: NO_PHONE_DATA,
    wakeDue: () => {},
    patience: { unknownMs: 24 * 3_600_000, receiptMs: 0 },
  }
  const closing = closingOf(clock.nowMs)
  const holders: Holder[] = []
  const seat = (index: number) => index % Math.max(1, holders.length)

  const act: { readonly [D in Step['do']]: (step: Extract<Step, { do: D }>) => Promise<void> } = {
    lease: async ({ named }) => {
      const span = { nowMs: clock.nowMs(), leaseUntilMs: clock.nowMs() + LEASE_MS }
      const wanted = { id: send.id, providerId: PROVIDERS[named ?? 0] }
      const jobs =
        named === undefined
          ? await stores.outbox.lease(span, roomFor(10))
          : await stores.outbox.leaseThese([wanted], span)
      for (const job of jobs) holders.push({ job, leasedAtMs: span.nowMs, ended: undefined })
    },
    ask: async ({ who: index, provider, outcome }) => {
      const at = seat(index)
      const holder = holders[at]
      const name = PROVIDERS[provider] ?? 'left'
      if (holder === undefined || holder.ended !== undefined) return
      if (clock.nowMs() >= holder.leasedAtMs + WALK_MS)
        return void holders.splice(at, 1, { ...holder, ended: 'later' })
      const { job } = holder
      const lease = { sendId: send.id, tries: job.tries }
      const isNamed =
        job.providerId === name || (await stores.outbox.ask(lease, name, clock.nowMs()))
      if (!isNamed || outcome === 'died before') return void holders.splice(at, 1)
      holders[at] = { ...holder, job: { ...job, providerId: name } }
      if (outcome !== 'failed') acceptedBy.push(name)
      if (outcome === 'died') return void holders.splice(at, 1)
      const ended = outcome === 'failed' ? 'later' : dispatchedAs(job, name, outcome, clock.nowMs())
      holders[at] = { ...holder, ended }
    },
    write: async ({ who: index }) => {
      const [holder] = holders.splice(seat(index), 1)
      if (holder?.ended === undefined) return
      const { tries, rounds } = holder.job
      const back = { sendId: send.id, tries, notBeforeMs: clock.nowMs(), rounds: rounds + 1 }
      if (holder.ended === 'later') await stores.outbox.giveBack([back])
      else await stores.outbox.finish([holder.ended], closing)
    },
    drop: async ({ who: index }) => void holders.splice(seat(index), 1),
    receipt: async ({ status }) => {
      const [providerId] = acceptedBy
      if (providerId === undefined) return
      const receipt = { ...deliveryOf(send.id, status), providerId }
      await stores.outbox.recordDelivery(receipt, clock.nowMs(), closing)
    },
    reconcile: async () => void (await reconcileSends(house)),
    pass: async ({ seconds }) => clock.advance(seconds * SECOND),
  }
  for (const step of plan) {
    await act[step.do](step as never)
    expect(acceptedBy.length, 'accepted at most once').toBeLessThanOrEqual(1)
  }
  return { stores, send, acceptedBy }
}

const deliveryOf = (reference: SendId, status: Delivery['status']): Delivery => ({
  providerMessageId: undefined,
  reference,
  status,
  error: undefined,
  segments: undefined,
  cost: undefined,
})

function dispatchedAs(
  { send, tries }: OutboxJob,
  providerId: string,
  outcome: 'accepted' | 'answer lost',
  atMs: number,
): Dispatched {
  const status = outcome === 'accepted' ? 'sent' : 'unknown'
  return {
    sendId: send.id,
    tries,
    status,
    providerId,
    providerMessageId: undefined,
    segments: 1,
    cost: undefined,
    expectedCostMicros: 0,
    expectedCostCurrency: undefined,
    error: status === 'sent' ? undefined : sendError('unknown', 'timeout'),
    posting: closingPosting(send, status, atMs),
    queryAtMs: status === 'sent' ? undefined : atMs + 30 * SECOND,
    atMs,
  }
}

async function holdsFor(open: () => Promise<StoreSet>, plan: readonly Step[]): Promise<void> {
  const stores = await open()
  try {
    const { send, acceptedBy } = await play(stores, plan)
    const entries = await stores.ledger.entries(ALICE, { limit: 100, before: undefined })
    const closes = new Set(
      entries
        .filter(({ postingKey }) => postingKey === `close:${send.id}`)
        .map((one) => one.postingId),
    )
    expect(closes.size, 'closed at most once').toBeLessThanOrEqual(1)
    const { available, held, spent } = await stores.ledger.balance(ALICE)
    expect(available + held + spent).toBe(1_000_000)
    const status = (await stores.outbox.find(send.id))?.status
    if (spent > 0) expect(acceptedBy).toHaveLength(1)
    // What was given up, paid back and delivered after all stays free.
    if (status === 'sent') expect(spent).toBe(40_000)
    if (status === 'failed') expect(acceptedBy).toEqual([])
  } finally {
    await stores.close()
  }
}

test('however leases, deaths, late writes, receipts and questions fall together, a message is accepted once and paid once', async () => {
  const holds = fc.asyncProperty(steps, (plan) => holdsFor(memoryStores, plan))
  await fc.assert(holds, { numRuns: 1_500 })
}, 60_000)

test('the same in a database', async () => {
  const holds = fc.asyncProperty(steps, (plan) => holdsFor(openSqlStores, plan))
  await fc.assert(holds, { numRuns: 12 })
}, 60_000)

test('an outbox that let a late dispatcher give back what another one has would be caught', async () => {
  const holds = fc.asyncProperty(steps, (plan) => holdsFor(carelessStores, plan))
  const { failed, counterexample } = await fc.check(holds, {
    numRuns: 4_000,
    endOnFailure: true,
    seed: 3,
  })
  expect([failed, counterexample?.length]).toEqual([true, 1])
}, 60_000)

/** Rows are given back by whoever had them once. */
async function carelessStores(): Promise<StoreSet> {
  const stores = await memoryStores()
  const { outbox } = stores
  const giveBack = outbox.giveBack.bind(outbox)
  outbox.giveBack = (returned) =>
    giveBack(returned.flatMap((one) => [1, 2, 3, 4, 5].map((tries) => ({ ...one, tries }))))
  return stores
}
