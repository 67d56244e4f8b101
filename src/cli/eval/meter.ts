import type { IssueEvent, Truth } from '../simulate/event.ts'
import { Campaigns } from './campaigns.ts'
import { isCap, type Measured } from './measured.ts'
import { People } from './people.ts'
import { isVictim, Victims } from './victims.ts'

/** Money in USD, counts of requests. */
export type ScenarioCount = {
  readonly scenario: string
  readonly truth: Truth
  requests: number
  sent: number
  blocked: number
  /** Those of the blocked that a cap on one number stopped, not suspicion. */
  capped: number
  challenged: number
  atStake: number
  leaked: number
}

/** Requests of people that one reason stopped or slowed down. */
export type Refusal = { readonly reason: string; blocked: number; challenged: number }

/** Everything that is counted while a detector runs. `read` of score.ts makes figures of it. */
export class Meter {
  readonly scenarios = new Map<string, ScenarioCount>()
  readonly campaigns = new Campaigns()
  readonly people = new People()
  readonly victims = new Victims()
  /** Why people were not simply let through, by the weightiest reason. */
  readonly refusals = new Map<string, Refusal>()

  note(measured: Measured): void {
    this.#count(measured)
    if (measured.event.truth === 'fraud') this.campaigns.note(measured)
    else this.#notePerson(measured)
    if (measured.sent) this.victims.note(measured, isVictim(measured.event))
  }

  #notePerson(measured: Measured): void {
    this.people.note(measured)
    const { decision, reasons } = measured
    if (decision === 'allow') return
    const [reason = 'none'] = reasons
    const known = this.refusals.get(reason) ?? { reason, blocked: 0, challenged: 0 }
    if (decision === 'block') known.blocked++
    else known.challenged++
    this.refusals.set(reason, known)
  }

  #count({ event, decision, reasons, sent, price }: Measured): void {
    const count = this.#of(event)
    count.requests++
    count.atStake += price
    if (sent) {
      count.sent++
      count.leaked += price
    }
    if (decision === 'challenge') count.challenged++
    if (decision !== 'block') return
    count.blocked++
    if (isCap(reasons)) count.capped++
  }

  #of({ scenario, truth }: IssueEvent): ScenarioCount {
    const known = this.scenarios.get(scenario)
    if (known !== undefined) return known
    const made: ScenarioCount = {
      scenario,
      truth,
      requests: 0,
      sent: 0,
      blocked: 0,
      capped: 0,
      challenged: 0,
      atStake: 0,
      leaked: 0,
    }
    this.scenarios.set(scenario, made)
    return made
  }
}
