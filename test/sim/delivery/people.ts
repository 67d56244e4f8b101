import type { OutboundMessage } from '../../../src/channels/provider.ts'
import type { VerificationId } from '../../../src/domain/ids.ts'
import { checkVerification } from '../../../src/flows/check-verification.ts'
import { resendVerification } from '../../../src/flows/resend-verification.ts'
import { startVerification } from '../../../src/flows/start-verification.ts'
import type { Dice } from '../../../src/platform/virtual.ts'
import type { ClientInput } from '../../../src/risk/signals.ts'
import type { Service as Tenant } from '../../../src/tenancy/tenancy.ts'
import type { Agenda } from './agenda.ts'
import type { Service } from './service.ts'
import { COUNTRIES, NUMBERS } from './setting.ts'
import type { Truth } from './truth.ts'

export type Crowd = {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly truth: Truth
  readonly tenant: Tenant
  /** The process of now; undefined while there is none. */
  readonly service: () => Service | undefined
}

const TYPES_SHARE = 0.93
const ASKS_AGAIN_SHARE = 0.5
const PATIENCE_MS = 45_000
const KNOCKS_MAX = 20
const KNOCK_AGAIN_MS = 3_000
/** A request that says nothing of its client. */
export const NOBODY: ClientInput = {
  ip: undefined,
  userAgent: undefined,
  acceptLanguage: undefined,
  clientHints: undefined,
  deviceId: undefined,
  ja4: undefined,
  sessionAgeMs: undefined,
  network: undefined,
}

/** People with phones: they ask for a code, wait for it, type it in, or ask for another one. */
export class People {
  readonly #crowd: Crowd
  /** Whoever still waits for a first text. */
  readonly #waiting = new Set<VerificationId>()
  readonly #byPhone = new Map<string, VerificationId>()
  readonly tally = { asked: 0, turnedAway: 0, approved: 0, resends: 0 }

  constructor(crowd: Crowd) {
    this.#crowd = crowd
  }

  /** Somebody asks for a code. */
  async arrive(index: number): Promise<void> {
    const { dice, tenant, agenda } = this.#crowd
    const country = COUNTRIES[dice.below(COUNTRIES.length)]!
    const to = NUMBERS[country](index)
    this.tally.asked += 1
    const started = await this.#knock((service) =>
      startVerification(service.house, {
        accountId: tenant.accountId,
        service: tenant,
        to,
        channel: 'sms',
        purpose: 'login',
        locale: undefined,
        codeLength: undefined,
        client: NOBODY,
        challenge: undefined,
        amount: undefined,
        payee: undefined,
        metadata: undefined,
      }),
    )
    if (started?.kind !== 'sent') {
      this.tally.turnedAway += 1
      return
    }
    const { id, phone } = started.verification
    this.#waiting.add(id)
    this.#byPhone.set(phone, id)
    agenda.after(PATIENCE_MS, () => void this.#loseToPatience(id))
  }

  /** A text comes to a phone; its owner types the code, at once or never. */
  receive(message: OutboundMessage): void {
    const { agenda, dice, truth } = this.#crowd
    const id = truth.fate(message.id).verificationId
    this.#waiting.delete(id)
    if (dice.next() >= TYPES_SHARE) return
    const { code = '' } = message.template.variables
    agenda.after(5_000 + dice.next() * 25_000, () => void this.#type(id, code))
  }

  async #type(id: VerificationId, code: string): Promise<void> {
    const { accountId } = this.#crowd.tenant
    const checked = await this.#knock((service) =>
      checkVerification(service.house, {
        accountId,
        id,
        code,
        amount: undefined,
        payee: undefined,
        ip: undefined,
      }),
    )
    if (checked?.kind === 'approved') this.tally.approved += 1
  }

  async #loseToPatience(id: VerificationId): Promise<void> {
    const { dice, tenant, agenda } = this.#crowd
    if (!this.#waiting.has(id) || dice.next() >= ASKS_AGAIN_SHARE) return
    const { accountId } = tenant
    const resent = await this.#knock((service) =>
      resendVerification(service.house, { accountId, id, client: NOBODY, challenge: undefined }),
    )
    if (resent?.kind !== 'sent') return
    this.tally.resends += 1
    agenda.after(PATIENCE_MS, () => void this.#loseToPatience(id))
  }

  /** A client tries again while nobody answers. */
  async #knock<T>(what: (service: Service) => Promise<T>): Promise<T | undefined> {
    for (let knocks = 0; knocks < KNOCKS_MAX; knocks++) {
      const service = this.#crowd.service()
      const answer = await service?.life.ask(() => what(service))
      if (answer !== undefined) return answer
      await this.#crowd.agenda.sleep(KNOCK_AGAIN_MS)
    }
    return undefined
  }
}
