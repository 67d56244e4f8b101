import { isCap, type Measured } from './measured.ts'

/** One number at one tenant in one run. */
export type User = {
  readonly scenario: string
  readonly tenant: string
  readonly price: number
  requests: number
  blockedRequests: number
  challengedRequests: number
  blocked: boolean
  /** Blocked by suspicion, not only by a cap on the number. */
  suspected: boolean
  challenged: boolean
  /** Visits that ended without a code. */
  lost: number
  lastMs: number
  lastSent: boolean
}

/** Requests of the same user within so long are one visit. */
const VISIT_MS = 15 * 60_000

/** What ordinary people went through, person by person. */
export class People {
  readonly #users = new Map<string, User>()

  note({ run, event, decision, reasons, sent, price }: Measured): void {
    const { scenario, tenant, to, t } = event
    const key = `${run}|${scenario}|${tenant}|${to}`
    const user = this.#users.get(key) ?? newUser({ scenario, tenant, price })
    this.#users.set(key, user)
    if (t - user.lastMs > VISIT_MS && !user.lastSent) user.lost++
    user.lastMs = t
    user.lastSent = sent
    user.requests++
    if (decision === 'challenge') {
      user.challengedRequests++
      user.challenged = true
    }
    if (decision !== 'block') return
    user.blockedRequests++
    user.blocked = true
    user.suspected ||= !isCap(reasons)
  }

  users(): readonly User[] {
    return [...this.#users.values()]
  }
}

/** Visits of the user that ended without a code, the last one included. */
export function lostVisits({ lost, lastSent }: User): number {
  return lost + (lastSent ? 0 : 1)
}

function newUser(who: Pick<User, 'scenario' | 'tenant' | 'price'>): User {
  return {
    ...who,
    requests: 0,
    blockedRequests: 0,
    challengedRequests: 0,
    blocked: false,
    suspected: false,
    challenged: false,
    lost: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    lastSent: true,
  }
}
