import type { Channel } from './channel.ts'
import { type Decision, TEST_NUMBER_REASON } from './decision.ts'
import type { AccountId, ServiceId, VerificationId } from './ids.ts'
import type { Currency, Micros } from './money.ts'
import type { Phone } from './phone.ts'
import type { Subjects } from './subjects.ts'

/** What is stored. `expired` and `max_attempts_reached` are read off the clock and the counters, see `statusOf`. */
export type StoredState = 'open' | 'approved' | 'canceled' | 'challenged' | 'blocked'

export const VERIFICATION_STATUSES = [
  'pending',
  'approved',
  'canceled',
  'expired',
  'max_attempts_reached',
  'challenge_required',
  'blocked',
] as const
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number]

/** One request to verify one number, whatever became of it. */
export type Verification = {
  readonly id: VerificationId
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly phone: Phone
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly locale: string | undefined
  /** PSD2 dynamic linking: what the code was issued for. */
  readonly amount: string | undefined
  readonly payee: string | undefined
  readonly metadata: Readonly<Record<string, string>> | undefined
  readonly ip: string | undefined
  readonly state: StoredState
  readonly codeLength: number
  /** Names the master key that its codes are derived from. */
  readonly keyId: string
  readonly attempts: number
  readonly attemptsMax: number
  /** Sends so far; also the generation of the code that counts. */
  readonly sends: number
  readonly sendsMax: number
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly closedAtMs: number | undefined
  /** Its outcome has been counted; an approval after that corrects the count. */
  readonly matured: boolean
  readonly decision: Decision
  /** Keys under which the velocity store counts this request; needed again when its outcome is known. */
  readonly subjects: Subjects
  /** What one send costs the tenant: spent when sent, saved when refused. */
  readonly price: Micros
  readonly currency: Currency
  readonly traffic: TrafficFacts
}

/** The dimensions of the fraud report. */
export type TrafficFacts = {
  readonly country: string
  readonly range: string
  readonly asn: number | undefined
}

export type VerificationKey = { readonly accountId: AccountId; readonly id: VerificationId }

/** Whether it was for a test number: nothing was sent, and it is no traffic. */
export const isTest = ({ decision }: Pick<Verification, 'decision'>): boolean =>
  decision.reasons[0]?.code === TEST_NUMBER_REASON

/** What a caller sees, in order of precedence. */
export function statusOf(
  row: Pick<Verification, 'state' | 'attempts' | 'attemptsMax' | 'expiresAtMs'>,
  nowMs: number,
): VerificationStatus {
  if (row.state === 'challenged') return 'challenge_required'
  if (row.state !== 'open') return row.state
  if (nowMs >= row.expiresAtMs) return 'expired'
  return row.attempts >= row.attemptsMax ? 'max_attempts_reached' : 'pending'
}
