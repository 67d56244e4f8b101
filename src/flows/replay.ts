import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import { Problem } from '../domain/problems.ts'
import type { Verification } from '../domain/verification.ts'
import { frontOf } from '../risk/front-of-map.ts'
import type { ClientInput } from '../risk/signals.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { checkVerification } from './check-verification.ts'
import type { CheckResult, Started } from './commands.ts'
import { completeElsewhere } from './complete-elsewhere.ts'
import type { House } from './house.ts'
import { MATURED_AT_ONCE, matureSends } from './mature-sends.ts'
import { reportFraud } from './report-fraud.ts'
import { startVerification } from './start-verification.ts'

/** One event of a recording; `t` in Unix milliseconds, never before the event ahead of it. */
export type ReplayEvent =
  | {
      readonly type: 'issue'
      readonly t: number
      readonly ref: string
      readonly tenant: string
      readonly to: string
      readonly channel: Channel
      readonly purpose: string | undefined
      readonly client: ClientInput
      readonly solvesChallenge: boolean
      /** For a test number of the tenant's service: decided by nobody, as on the server. */
      readonly isTest?: boolean
    }
  | {
      readonly type: 'check'
      readonly t: number
      readonly ref: string
      readonly correct: boolean
      /** Where the code was typed. */
      readonly ip: string | undefined
    }
  | {
      readonly type: 'delivery'
      readonly t: number
      readonly ref: string
      readonly status: 'delivered' | 'undelivered'
    }
  | { readonly type: 'completed'; readonly t: number; readonly ref: string }
  | {
      readonly type: 'report'
      readonly t: number
      readonly ref: string
      readonly label: 'fraud' | 'legit'
    }

export type ReplayAnswer =
  | {
      readonly ref: string
      readonly decision: 'allow' | 'challenge' | 'block'
      readonly sent: boolean
      readonly score: number
      readonly reasons: readonly string[]
      readonly price_micros: number
      readonly currency: string
    }
  | {
      readonly ref: string
      readonly result: 'approved' | 'wrong' | 'locked' | 'expired' | 'not_found'
    }

/** What a replay needs beside a house: to turn its clock, name its tenants and know who solves challenges. */
export type ReplayStage = {
  readonly house: House
  readonly setClock: (atMs: number) => void
  readonly serviceOf: (tenant: string) => Service
  /** The service with this phone among its test numbers, which `rightCode` lets in. */
  readonly withTestNumber: (service: Service, phone: string) => Promise<Service>
  /** The code that the replay's code book takes for right. */
  readonly rightCode: string
  readonly wrongCode: string
  /** Notes that the message of this verification did not arrive: a replay has no provider to say so. */
  readonly lose: (id: Verification['id']) => void
}

/** Enough for every code that is alive, and for reports that come days later. */
const REFS_MAX = 200_000
const MATURE_EVERY_MS = 1_000

/** undefined: there is nothing to answer. */
export type Answering = ReplayAnswer | undefined | Promise<ReplayAnswer | undefined>

/** What needs no waiting, as most deliveries, is answered at once. */
export type Replay = { apply(event: ReplayEvent): Answering }

/**
 * Runs recorded events through the flows of the server. The same events give the same answers. Time never runs back: an event
 * that is out of order happens at the time of the one before it.
 */
export function openReplay(stage: ReplayStage): Replay {
  const refs = new Map<string, Key>()
  const oldestRef = frontOf(refs)
  /** Instants of sends that nobody has looked at since their time to answer was over, oldest first. */
  const unmatured: number[] = []
  let clockMs = 0
  let maturedAtMs = 0

  const remember = (ref: string, verification: Verification) => {
    if (refs.size >= REFS_MAX) {
      const oldest = oldestRef()
      if (oldest !== undefined) refs.delete(oldest[0])
    }
    const { accountId, id, phone } = verification
    refs.set(ref, { accountId, id, phone })
  }
  /** Most events find nothing to mature, and asking the store is dearer than knowing. */
  const isAnyMature = () => {
    if (clockMs - maturedAtMs < MATURE_EVERY_MS) return false
    maturedAtMs = clockMs
    const { maturitySeconds } = stage.house.policy().ruleSet
    const waiting = unmatured.length
    while ((unmatured[0] ?? clockMs) < clockMs - maturitySeconds * 1_000) unmatured.shift()
    return unmatured.length < waiting
  }
  const mature = async () => {
    while ((await matureSends(stage.house)) === MATURED_AT_ONCE);
  }
  const issueOnce = async (event: Issue): Promise<ReplayAnswer> => {
    const started = await issue(stage, event)
    if (started instanceof Problem) return toRefusal(event.ref, started)
    if (started.kind === 'sent') {
      remember(event.ref, started.verification)
      unmatured.push(clockMs)
    }
    return toIssueAnswer(event.ref, started)
  }
  const applyNow = (event: ReplayEvent): Answering =>
    event.type === 'issue' ? issueOnce(event) : follow(stage, event, refs.get(event.ref))
  const applyMatured = async (event: ReplayEvent) => {
    await mature()
    return applyNow(event)
  }
  return {
    apply: (event) => {
      clockMs = Math.max(clockMs, event.t)
      stage.setClock(clockMs)
      return isAnyMature() ? applyMatured(event) : applyNow(event)
    },
  }
}

type Key = {
  readonly accountId: AccountId
  readonly id: Verification['id']
  readonly phone: Verification['phone']
}

/** What came after a send. A recording made under other decisions speaks of sends that never were: those are no errors. */
function follow(
  stage: ReplayStage,
  event: Exclude<ReplayEvent, Issue>,
  key: Key | undefined,
): Answering {
  if (event.type === 'check') {
    return key === undefined ? { ref: event.ref, result: 'not_found' } : check(stage, key, event)
  }
  if (key === undefined) return undefined
  if (event.type === 'completed') return complete(stage, key)
  if (event.type === 'report') return report(stage, key, event.label)
  if (event.status === 'undelivered') stage.lose(key.id)
  return undefined
}

async function complete({ house }: ReplayStage, key: Key): Promise<undefined> {
  await completeElsewhere(house, key)
  return undefined
}

type Issue = Extract<ReplayEvent, { type: 'issue' }>

/** A client that would solve a challenge brings the solution along: it only counts where one is asked for. */
async function issue(stage: ReplayStage, event: Issue): Promise<Started | Problem> {
  const { house, serviceOf } = stage
  const known = serviceOf(event.tenant)
  const service = event.isTest === true ? await stage.withTestNumber(known, event.to) : known
  const command = {
    accountId: service.accountId,
    service,
    to: event.to,
    channel: event.channel,
    purpose: event.purpose,
    locale: undefined,
    codeLength: undefined,
    client: event.client,
    challenge: event.solvesChallenge ? event.ref : undefined,
    amount: undefined,
    payee: undefined,
    metadata: undefined,
  }
  try {
    return await startVerification(house, command)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** What a door refuses before anything is decided, such as a number that cannot be. */
const toRefusal = (ref: string, problem: Problem): ReplayAnswer => ({
  ref,
  decision: 'block',
  sent: false,
  score: 1,
  reasons: [problem.code],
  price_micros: 0,
  currency: 'USD',
})

function toIssueAnswer(ref: string, started: Started): ReplayAnswer {
  const { decision, price, currency } = started.verification
  return {
    ref,
    decision: decision.outcome,
    sent: started.kind === 'sent',
    score: decision.score,
    reasons: decision.reasons.map(({ code }) => code),
    price_micros: price,
    currency,
  }
}

async function check(
  { house, rightCode, wrongCode }: ReplayStage,
  { accountId, id }: Key,
  { ref, correct, ip }: Extract<ReplayEvent, { type: 'check' }>,
): Promise<ReplayAnswer> {
  const code = correct ? rightCode : wrongCode
  const command = { accountId, id, code, ip, amount: undefined, payee: undefined }
  return { ref, result: toCheckAnswer(await checkVerification(house, command)) }
}

function toCheckAnswer(result: CheckResult) {
  if (result.kind === 'approved') return 'approved'
  if (result.kind === 'wrong_code') return 'wrong'
  if (result.kind === 'missing') return 'not_found'
  if (result.status === 'max_attempts_reached') return 'locked'
  return result.status === 'expired' ? 'expired' : 'not_found'
}

async function report(
  { house }: ReplayStage,
  { accountId, id, phone }: Key,
  label: 'fraud' | 'legit',
): Promise<undefined> {
  const about = { accountId, author: 'replay', label, note: undefined }
  const reported = await reportFraud(house, { ...about, subject: { kind: 'verification', id } })
  if (reported !== 'missing') return undefined
  // Reports come hours later, when a replay has forgotten the verification but not its number.
  await reportFraud(house, { ...about, subject: { kind: 'phone', value: phone } })
  return undefined
}
