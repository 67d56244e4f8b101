import type { Measured } from './measured.ts'

export type Campaign = {
  readonly scenario: string
  readonly firstMs: number
  /** Messages and USD that got through before the first block. */
  sends: number
  leaked: number
  /** Minutes from the first request to the first block; undefined: never blocked. */
  minutes: number | undefined
}

/** What each attack got before it was blocked for the first time. A challenge is not a block. */
export class Campaigns {
  readonly #campaigns = new Map<string, Campaign>()

  note({ run, event, decision, sent, price }: Measured): void {
    const { scenario, campaign = scenario, t } = event
    const key = `${run}|${campaign}`
    const known = this.#campaigns.get(key) ?? {
      scenario,
      firstMs: t,
      sends: 0,
      leaked: 0,
      minutes: undefined,
    }
    this.#campaigns.set(key, known)
    if (known.minutes !== undefined) return
    if (decision === 'block') {
      known.minutes = (t - known.firstMs) / 60_000
    } else if (sent) {
      known.sends++
      known.leaked += price
    }
  }

  of(scenario: string): readonly Campaign[] {
    return [...this.#campaigns.values()].filter((campaign) => campaign.scenario === scenario)
  }
}
