import type { HardLimits, Refusal } from '../../codes/verification-store.ts'
import type { HardStop } from '../../domain/decision.ts'
import type { AccountId, SendId, VerificationId } from '../../domain/ids.ts'
import type { Phone } from '../../domain/phone.ts'
import type { Send } from '../../domain/send.ts'
import type { Verification } from '../../domain/verification.ts'
import { type CountedCode, hasRoomAtMs } from '../phone-caps.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

type Counted = {
  readonly sendId: SendId
  readonly verificationId: VerificationId | undefined
  readonly atMs: number
  readonly accountId: AccountId
  /** See `hasRoomAtMs`. */
  isLost: boolean
  /** No reason to make a person wait for a minute. */
  isOver: boolean
}

/** What is known of a message that may count less: it is lost where it did not arrive, over where nobody needs to wait for it. */
export type KnownFate = Pick<Counted, 'isLost' | 'isOver'>
type Cap = {
  readonly stop: HardStop
  readonly windowMs: number
  readonly limit: 'phoneDayAllAccounts' | 'phoneDay' | 'phoneHour' | 'phoneMinute'
}
type Budget = {
  readonly stop: HardStop
  readonly limit: number
  readonly window: string
  readonly endsAtMs: number
}

const CAPS: readonly Cap[] = [
  { stop: 'phone_day_cap_all_accounts', windowMs: DAY_MS, limit: 'phoneDayAllAccounts' },
  { stop: 'phone_day_cap', windowMs: DAY_MS, limit: 'phoneDay' },
  { stop: 'phone_hour_cap', windowMs: HOUR_MS, limit: 'phoneHour' },
  { stop: 'phone_minute_cap', windowMs: MINUTE_MS, limit: 'phoneMinute' },
]

/** What all accounts together may send to a number is counted in full. */
const FORGIVING: ReadonlySet<HardStop> = new Set(['phone_day_cap', 'phone_hour_cap'])

const stopped = (stop: HardStop, retryAtMs: number): Refusal => ({
  kind: 'stopped',
  stop,
  retryAtMs,
})

/** Per-number caps in exact rolling windows and spend budgets per calendar hour and day. Forgets what no window reaches. */
export class SendLimits {
  /** In the order of each number's last send. */
  readonly #byPhone = new Map<Phone, Counted[]>()
  readonly #spent = new Map<string, { micros: number; readonly endsAtMs: number }>()
  #sweptAtMs = 0

  /** Caps before budgets, the longer window first. */
  refusalOf(send: Send, limits: HardLimits): Refusal | undefined {
    return this.#capped(send, limits) ?? this.#overspent(send, limits)
  }

  record(send: Send, limits: HardLimits): void {
    this.#sweep(send.createdAtMs)
    const known = this.#byPhone.get(send.phone) ?? []
    const reached = known.filter(({ atMs }) => atMs > send.createdAtMs - DAY_MS)
    const { id: sendId, verificationId, createdAtMs: atMs, accountId } = send
    reached.push({ sendId, verificationId, atMs, accountId, isLost: false, isOver: false })
    // Set anew, so that the map stays in the order of the last send.
    this.#byPhone.delete(send.phone)
    this.#byPhone.set(send.phone, reached)
    for (const { window, endsAtMs } of budgetsOf(send, limits)) {
      const spent = this.#spent.get(window) ?? { micros: 0, endsAtMs }
      spent.micros += send.price
      this.#spent.set(window, spent)
    }
  }

  note({ id, phone }: Pick<Send, 'id' | 'phone'>, { isLost, isOver }: KnownFate): void {
    for (const counted of this.#byPhone.get(phone) ?? []) {
      if (counted.sendId !== id) continue
      counted.isLost = isLost
      counted.isOver = isOver
    }
  }

  /** All messages of this verification, where nobody keeps what became of each. */
  lose({ id, phone }: Pick<Verification, 'id' | 'phone'>): void {
    for (const counted of this.#byPhone.get(phone) ?? []) {
      if (counted.verificationId !== id) continue
      counted.isLost = true
      counted.isOver = true
    }
  }

  #capped(send: Send, limits: HardLimits): Refusal | undefined {
    const known = this.#byPhone.get(send.phone)
    for (const cap of CAPS) {
      const limit = limits[cap.limit]
      if (limit > 0 && (known === undefined || known.length < limit)) continue
      if (limit < 1) return stopped(cap.stop, send.createdAtMs + cap.windowMs)
      const roomAtMs = hasRoomAtMs(countedBy(known ?? [], send, cap), { ...cap, limit })
      if (roomAtMs !== undefined) return stopped(cap.stop, roomAtMs)
    }
    return undefined
  }

  #overspent(send: Send, limits: HardLimits): Refusal | undefined {
    for (const { stop, window, limit, endsAtMs } of budgetsOf(send, limits)) {
      const spent = this.#spent.get(window)?.micros ?? 0
      if (spent + send.price > limit) return stopped(stop, endsAtMs)
    }
    return undefined
  }

  /** Once an hour of their time, so that a replay of years stays as small as one day of it. */
  #sweep(nowMs: number): void {
    if (nowMs < this.#sweptAtMs + HOUR_MS) return
    this.#sweptAtMs = nowMs
    for (const [phone, counted] of this.#byPhone) {
      if ((counted.at(-1)?.atMs ?? 0) > nowMs - DAY_MS) break
      this.#byPhone.delete(phone)
    }
    for (const [window, { endsAtMs }] of this.#spent) {
      if (endsAtMs < nowMs - HOUR_MS) this.#spent.delete(window)
    }
  }
}

/** A number's codes that a cap counts, the latest first. */
function countedBy(
  known: readonly Counted[],
  { createdAtMs, accountId: asker }: Send,
  { stop, windowMs }: Cap,
): readonly CountedCode[] {
  const anyone = stop === 'phone_day_cap_all_accounts'
  return known
    .filter(
      ({ atMs, accountId, isOver }) =>
        atMs > createdAtMs - windowMs &&
        (anyone || accountId === asker) &&
        !(isOver && stop === 'phone_minute_cap'),
    )
    .map(({ atMs, isLost }) => ({ atMs, isLost: isLost && FORGIVING.has(stop) }))
    .sort((left, right) => right.atMs - left.atMs)
}

function budgetsOf(send: Send, limits: HardLimits): readonly Budget[] {
  if (send.price === 0) return []
  const budget = (stop: HardStop, windowMs: number, limit: number | undefined): Budget[] => {
    if (limit === undefined) return []
    const startMs = send.createdAtMs - (send.createdAtMs % windowMs)
    const window = `${send.serviceId} ${windowMs} ${startMs}`
    return [{ stop, limit, window, endsAtMs: startMs + windowMs }]
  }
  return [
    ...budget('service_day_budget', DAY_MS, limits.serviceDay),
    ...budget('service_hour_budget', HOUR_MS, limits.serviceHour),
  ]
}
