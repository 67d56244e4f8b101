import type { SimEvent } from '../simulate/event.ts'
import { type SimulationOptions, simulate } from '../simulate/simulate.ts'
import type { Detector, Judged } from './detector.ts'
import type { Meter } from './meter.ts'

export type LoopOptions = SimulationOptions & {
  readonly run: string
  /** Unix milliseconds; requests before it are decided but not measured. */
  readonly measureFromMs?: number
}

/** What a request costs and where it goes, the same for every detector. */
export type Destinations = {
  countryOf(to: string): string
  /** USD of one message or call. */
  priceOf(country: string, channel: 'sms' | 'voice'): number
}

/**
 * Runs a seeded world against a detector: whoever is refused acts on it, so every detector gets a world of its own that
 * began alike. Resolves with the number of events.
 */
export async function closeLoop(
  {
    detector,
    meter,
    destinations,
  }: {
    readonly detector: Detector
    readonly meter: Meter
    readonly destinations: Destinations
  },
  { run, measureFromMs = 0, ...options }: LoopOptions,
): Promise<number> {
  const stream = simulate(options)
  let events = 0
  for (let step = stream.next(); !step.done; ) {
    const event: SimEvent = step.value
    events++
    if (event.type !== 'issue') {
      await detector.learn(event, true)
      step = stream.next()
      continue
    }
    const country = destinations.countryOf(event.to)
    const judged = await detector.decide({ event, country })
    const { decision, reasons = [] } = judged
    const sent = isSent(judged, event.solves_challenge)
    await detector.learn(event, sent)
    if (event.t >= measureFromMs) {
      const price = destinations.priceOf(country, event.channel)
      meter.note({ run, event, decision, reasons, sent, price })
    }
    step = stream.next({ sent, decision })
  }
  return events
}

function isSent({ decision, sent }: Judged, solves: boolean): boolean {
  return sent ?? (decision === 'allow' || (decision === 'challenge' && solves))
}
