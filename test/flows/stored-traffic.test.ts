import { expect, test } from 'vitest'
import { collectStored, trainingLabel } from '../../src/cli/train/collect-stored.ts'
import { modelCard } from '../../src/cli/train/model-card.ts'
import { DEFAULT_REQUEST, trainOnParts } from '../../src/cli/train/train-model.ts'
import type { AccountId, ReportId, VerificationId } from '../../src/domain/ids.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Verification } from '../../src/domain/verification.ts'
import { storedEvents } from '../../src/flows/stored-events.ts'
import { labelOf, type StoredBooks, storedTraffic } from '../../src/flows/stored-traffic.ts'
import { CATALOGUE_ID, MODEL_FEATURES } from '../../src/risk/feature-catalogue.ts'
import { toFeatures } from '../../src/risk/features.ts'
import type { FraudReport } from '../../src/risk/reports.ts'
import { signalsOf, velocityOf } from '../golden/rule-requests.ts'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { openHarness } from '../support/harness.ts'

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

test('stored requests come back as the events they were, in order, with what is known of them', async () => {
  const house = await openHarness()
  const ask = async (index: number) => {
    house.clock.advance(1_000)
    const answer = await house.post('/v1/verifications', { to: phoneOf(index), client: PERSON })
    return (await answer.json()).id as string
  }
  const [first, second, third] = [await ask(1), await ask(2), await ask(3)]
  await house.settle()
  const [message] = await house.inbox(phoneOf(1))
  house.clock.advance(5_000)
  const code = /\d{6}/.exec(message?.body ?? '')?.[0]
  await house.post(`/v1/verifications/${first}/check`, { code })
  house.clock.advance(5_000)
  await house.post('/v1/fraud-reports', { verification: second, label: 'fraud' })
  const told = await collected(storedEvents(house.house, 0))
  expect(told.map(({ event, truth }) => [event.type, event.ref, truth])).toEqual([
    ['issue', first, 'legit'],
    ['issue', second, 'fraud'],
    ['issue', third, undefined],
    ['check', first, 'legit'],
    ['report', second, 'fraud'],
  ])
  const [issue] = told
  expect(issue?.event).toMatchObject({
    to: phoneOf(1),
    channel: 'sms',
    solvesChallenge: true,
    client: { ip: PERSON.ip, sessionAgeMs: PERSON.session_age_ms },
  })
  expect(told.map(({ event }) => event.t)).toEqual(told.map(({ event }) => event.t).toSorted())
})

const NOW_MS = 1_790_000_000_000
const ACCOUNT = 'AC1' as AccountId

function requestAt(
  index: number,
  more: Partial<Verification> & { asks?: number } = {},
): Verification {
  const live = toFeatures(
    signalsOf({}),
    velocityOf({ counts: { range3: { asks_1h: more.asks ?? 1 } } }),
  )
  return {
    id: `VE${String(index).padStart(32, '0')}` as VerificationId,
    accountId: ACCOUNT,
    phone: `+44740${String(100_000 + index)}` as Phone,
    ip: '203.0.113.7',
    state: 'open',
    createdAtMs: NOW_MS + index * 1_000,
    decision: { features: live.record(), reasons: [] },
    ...more,
  } as unknown as Verification
}

const report = (more: Partial<FraudReport>): FraudReport => ({
  id: 'FR1' as ReportId,
  accountId: ACCOUNT,
  label: 'fraud',
  verificationId: undefined,
  phone: undefined,
  range: undefined,
  ip: undefined,
  note: undefined,
  author: 'SK1',
  createdAtMs: NOW_MS + 86_400_000,
  ...more,
})

const booksOf = (
  requests: readonly Verification[],
  reports: readonly FraudReport[],
): StoredBooks => ({
  verifications: {
    since: async (after, limit) => requests.filter(({ id }) => id > after).slice(0, limit),
  },
  reports: { list: async () => reports },
})

const labelsOf = async (books: StoredBooks) => {
  const requests = await collected(storedTraffic(books, 0))
  return requests.map((request) => [labelOf(request), trainingLabel(request)])
}

test('an approved code is legit, an unanswered one is nothing that anybody knows', async () => {
  const requests = [
    requestAt(1, { state: 'approved' }),
    requestAt(2),
    requestAt(3, { state: 'blocked' }),
  ]
  expect(await labelsOf(booksOf(requests, []))).toEqual([
    ['legit', 0],
    [undefined, undefined],
    [undefined, undefined],
  ])
})

test('a report of a range makes its silence fraud, and leaves what verified in it out of training', async () => {
  const requests = [requestAt(1), requestAt(2, { state: 'approved' })]
  const reports = [report({ range: '+44740100' })]
  expect(await labelsOf(booksOf(requests, reports))).toEqual([
    ['fraud', 1],
    ['fraud', undefined],
  ])
})

test('the closest report counts, and none reaches back further than a month', async () => {
  const requests = [requestAt(1), requestAt(2), requestAt(3)]
  const reports = [
    report({ range: '+44740' }),
    report({ phone: requests[0]?.phone, label: 'legit' }),
    report({ verificationId: requests[1]?.id, label: 'legit' }),
  ]
  expect((await labelsOf(booksOf(requests, reports))).map(([label]) => label)).toEqual([
    'legit',
    'legit',
    'fraud',
  ])
  const late = [report({ range: '+44740', createdAtMs: NOW_MS + 40 * 86_400_000 })]
  expect((await labelsOf(booksOf(requests, late))).map(([label]) => label)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

/** Every fifth is fraud in a busy range and was reported; the others verified. */
const manyRequests = (count: number, fraudEvery = 5) => {
  const isFraud = (index: number) => index % fraudEvery === 0
  const requests = Array.from({ length: count }, (_, index) =>
    isFraud(index)
      ? requestAt(index + 1, { asks: 200 + (index % 7) })
      : requestAt(index + 1, { asks: 1 + (index % 5), state: 'approved' }),
  )
  const reports = requests
    .filter((_, index) => isFraud(index))
    .map(({ id }) => report({ verificationId: id }))
  return { requests, reports }
}

const CATALOGUE = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }

test('a model learns from the books, oldest first, and says where it comes from', async () => {
  const { requests, reports } = manyRequests(1_500)
  const books = booksOf(requests, reports)
  const { parts, source } = await collectStored(books, 0, MODEL_FEATURES)
  expect(source).toMatchObject({ labelled: 1_500, unlabelled: 0, otherCatalogue: 0 })
  expect(parts.train.toMs).toBeLessThan(parts.calibration.fromMs)
  expect(parts.calibration.toMs).toBeLessThan(parts.test.fromMs)
  const forest = { trees: 4, depthMax: 3, leafWeightMin: 5, featuresPerSplit: 60 }
  const request = { ...DEFAULT_REQUEST, catalogue: CATALOGUE, forest, stored: source }
  const { report: trained, model } = trainOnParts(request, parts)
  expect(trained.metrics.auc).toBeGreaterThan(0.95)
  expect(model.version).toMatch(/^forest-/)
  const card = modelCard(trained, 'forest.svg')
  expect(card).toContain('own stored decisions')
  expect(card).not.toContain('Simulated traffic')
})

const LOT = { state: 'challenged' as const, reasons: [{ code: 'sampled_challenge', detail: '' }] }

/** As if the first of the requests had been challenged by lot; `after` is what its number asked for later. */
function withLots(
  lots: number,
  after: (lot: Verification, index: number) => Verification | undefined,
) {
  const { requests, reports } = manyRequests(1_500)
  const drawn = requests.slice(0, lots).map((request) => ({
    ...request,
    state: LOT.state,
    decision: { ...request.decision, reasons: LOT.reasons },
  }))
  const later = drawn.flatMap((lot, index) => after(lot, index) ?? [])
  const unreported = reports.filter(({ verificationId }) =>
    drawn.every(({ id }) => id !== verificationId),
  )
  const dayLater = requestAt(9_000_000, { createdAtMs: NOW_MS + 2 * 86_400_000 })
  const all = [...drawn, ...requests.slice(lots), ...later, dayLater]
  return booksOf(
    all.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    unreported,
  )
}

test('whoever was challenged by lot and came back is legit, whoever did not is fraud', async () => {
  const passed = (lot: Verification, index: number) =>
    index % 4 === 0
      ? undefined
      : requestAt(2_000 + index, {
          phone: lot.phone,
          decision: { ...requestAt(1).decision, challengePassed: true },
        })
  const { source } = await collectStored(withLots(40, passed), 0, MODEL_FEATURES)
  expect(source).toMatchObject({ labelled: 1_500, samplesPassed: 30, samplesFailed: 10 })
  // Thirty solutions whose codes nobody typed in, and the request of two days later.
  expect(source.unlabelled).toBe(31)
})

test('a lot that is younger than a day has no label yet', async () => {
  const { requests, reports } = manyRequests(1_500)
  const lot = requestAt(8_000_000, { state: LOT.state })
  const drawn = { ...lot, decision: { ...lot.decision, reasons: LOT.reasons } }
  const books = booksOf([...requests, drawn], reports)
  const { source } = await collectStored(books, 0, MODEL_FEATURES)
  expect(source).toMatchObject({ labelled: 1_500, unlabelled: 1, samplesFailed: 0 })
})

test.each<[string, ReturnType<typeof manyRequests>, RegExp]>([
  [
    'too few rows',
    manyRequests(100),
    /100 labelled requests, 20 of fraud and 80 legit; it takes 1000, 50 of each/,
  ],
  ['no fraud', { ...manyRequests(1_500), reports: [] }, /0 of fraud/],
  ['fraud at the end only', lateFraud(), /the training part, .* has 0 requests of fraud/],
])('%s: a clear error and no model', async (_, { requests, reports }, message) => {
  const books = booksOf(requests, reports)
  await expect(collectStored(books, 0, MODEL_FEATURES)).rejects.toThrow(message)
})

function lateFraud() {
  const { requests } = manyRequests(1_500, 100_000)
  const reports = requests.slice(-200).map(({ id }) => report({ verificationId: id }))
  return { requests, reports }
}

test('decisions on other features are counted, not learned from', async () => {
  const { requests, reports } = manyRequests(1_200)
  const old = requests.map((request) => ({
    ...request,
    decision: { ...request.decision, features: { catalogue: 'old', known: {}, unknown: [] } },
  }))
  await expect(collectStored(booksOf(old, reports), 0, MODEL_FEATURES)).rejects.toThrow(
    /0 labelled requests.*1200 were decided on other features/,
  )
})
