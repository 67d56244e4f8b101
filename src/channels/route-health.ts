import type { Channel } from '../domain/channel.ts'
import { addTo, type Estimate, leanOn, newTally, type Tally, without } from './decayed-share.ts'

/** Where a provider is judged: what it does well in one country it may do badly in another. */
export type RoutePlace = {
  readonly providerId: string
  readonly channel: Channel
  readonly country: string
  /** Undefined where it is not known. */
  readonly carrier: string | undefined
}

/** What is known of a provider at a place now. */
export type RouteView = {
  /** Of the messages it was asked to carry it took so many; those refused for their own sake are not counted. */
  readonly accepted: Estimate
  /** Of those it took so many arrived, by its receipts. */
  readonly delivered: Estimate
  /**
   * Codes typed in, against those of the country's other providers now and of all of them in the last day: 1 as usual, never
   * more. Receipts can lie, people do not.
   */
  readonly converted: Estimate
  /** Milliseconds until the provider answers, and until the receipt; undefined before the first one. */
  readonly answerMs: number | undefined
  readonly arrivalMs: number | undefined
}

/** What providers did of late, by place. Fades, is bounded, and knows no clock. */
export interface RouteHealth {
  noteAnswer(
    place: RoutePlace,
    answer: { isGood: boolean; tookMs: number | undefined },
    nowMs: number,
  ): void
  noteDelivery(
    place: RoutePlace,
    delivery: { hasArrived: boolean; tookMs: number | undefined },
    nowMs: number,
  ): void
  noteCode(place: RoutePlace, isTyped: boolean, nowMs: number): void
  /** Whether a receipt has told the end of a message by the time that one should have. Who ordinarily tells and does not has lost it. */
  noteTold(place: RoutePlace, told: { isTold: boolean; isTyped: boolean }, nowMs: number): void
  view(place: RoutePlace, nowMs: number): RouteView
}

/** The last two are what is ordinary, and fade slowly: an outage of an hour does not become ordinary. */
type Aspect = 'accepted' | 'delivered' | 'converted' | 'usual' | 'told'
type Cell = {
  readonly tallies: Partial<Record<Aspect, Tally>>
  answerMs: number | undefined
  arrivalMs: number | undefined
}

export type HealthLimits = {
  /** Half of what was seen is forgotten in this time, so a provider that recovers is tried again within a few of them. */
  readonly halfLifeMs: number
  /** Places held at most; the one unused for longest goes first. */
  readonly placesMax: number
}
const DEFAULT_LIMITS: HealthLimits = { halfLifeMs: 15 * 60_000, placesMax: 20_000 }

/** An unknown provider is taken to be a good one, as if twenty messages had said so. */
const GOOD: Estimate = { mean: 0.95, weight: 20 }
const LEAN_MAX = 20
/** However busy a route is, so many messages are enough to judge by: with more a change would be noticed later. */
const WEIGHT_MAX = 200
const SLOWLY_MS = 86_400_000
/** Nobody is taken to send receipts until he has sent some, and whoever sends them for most messages is expected to. */
const UNTOLD: Estimate = { mean: 0, weight: 20 }
const TELLS = 0.7
const EVERYBODY = '*'
/** Share of a new time in the running mean. */
const TIME_STEP = 0.1

export const createRouteHealth = (limits: HealthLimits = DEFAULT_LIMITS): RouteHealth =>
  new FadingHealth(limits)

class FadingHealth implements RouteHealth {
  readonly #cells = new Map<string, Cell>()
  readonly #limits: HealthLimits

  constructor(limits: HealthLimits) {
    this.#limits = limits
  }

  noteAnswer(
    place: RoutePlace,
    { isGood, tookMs }: { isGood: boolean; tookMs: number | undefined },
    nowMs: number,
  ): void {
    this.#note(place, 'accepted', isGood, nowMs)
    if (tookMs !== undefined) this.#noteTime(place, 'answerMs', tookMs)
  }

  noteDelivery(
    place: RoutePlace,
    { hasArrived, tookMs }: { hasArrived: boolean; tookMs: number | undefined },
    nowMs: number,
  ): void {
    this.#note(place, 'delivered', hasArrived, nowMs)
    if (hasArrived && tookMs !== undefined) this.#noteTime(place, 'arrivalMs', tookMs)
  }

  noteCode(place: RoutePlace, isTyped: boolean, nowMs: number): void {
    this.#note(place, 'converted', isTyped, nowMs)
    const everybody = { ...place, providerId: EVERYBODY }
    this.#note(everybody, 'converted', isTyped, nowMs)
    this.#note(everybody, 'usual', isTyped, nowMs)
  }

  noteTold(
    place: RoutePlace,
    { isTold, isTyped }: { isTold: boolean; isTyped: boolean },
    nowMs: number,
  ): void {
    const usually = this.#estimate(place, 'told', { nowMs, top: UNTOLD })
    this.#note(place, 'told', isTold, nowMs)
    if (!isTold && usually.mean >= TELLS) this.#note(place, 'delivered', isTyped, nowMs)
  }

  view(place: RoutePlace, nowMs: number): RouteView {
    const usual = this.#usual(place, nowMs)
    const own = this.#estimate(place, 'converted', { nowMs, top: usual })
    return {
      accepted: this.#estimate(place, 'accepted', { nowMs, top: GOOD }),
      delivered: this.#estimate(place, 'delivered', { nowMs, top: GOOD }),
      converted: { mean: Math.min(1, own.mean / usual.mean), weight: own.weight },
      answerMs: this.#timeOf(place, 'answerMs'),
      arrivalMs: this.#timeOf(place, 'arrivalMs'),
    }
  }

  /** Without the provider itself: who has all the traffic would else be what it is measured by. */
  #usual(place: RoutePlace, nowMs: number): Estimate {
    const everybody = { ...place, providerId: EVERYBODY }
    const decay = { nowMs, halfLifeMs: this.#limits.halfLifeMs, leanMax: LEAN_MAX }
    const ofDay = this.#estimate(everybody, 'usual', { nowMs, top: GOOD })
    const own = keysOf(place)
    return keysOf(everybody).reduce<Estimate>((group, key, level) => {
      const all = this.#tallyAt(key, 'converted')
      const part = this.#tallyAt(own[level] ?? '', 'converted')
      return leanOn(group, all && part ? without(all, part, decay) : all, decay)
    }, ofDay)
  }

  #tallyAt(key: string, aspect: Aspect): Tally | undefined {
    return this.#cells.get(key)?.tallies[aspect]
  }

  #halfLifeOf(aspect: Aspect): number {
    const { halfLifeMs } = this.#limits
    return aspect === 'usual' || aspect === 'told' ? Math.max(SLOWLY_MS, halfLifeMs) : halfLifeMs
  }

  #cellAt(key: string): Cell {
    const cells = this.#cells
    const cell = cells.get(key) ?? { tallies: {}, answerMs: undefined, arrivalMs: undefined }
    cells.delete(key)
    cells.set(key, cell)
    const oldest = cells.size > this.#limits.placesMax ? cells.keys().next().value : undefined
    if (oldest !== undefined) cells.delete(oldest)
    return cell
  }

  #note(place: RoutePlace, aspect: Aspect, isGood: boolean, nowMs: number): void {
    const halfLifeMs = this.#halfLifeOf(aspect)
    for (const key of keysOf(place)) {
      const { tallies } = this.#cellAt(key)
      const tally = tallies[aspect] ?? newTally(nowMs)
      tallies[aspect] = tally
      addTo(tally, isGood, { nowMs, halfLifeMs, weightMax: weightMaxOf(aspect) })
    }
  }

  #estimate(
    place: RoutePlace,
    aspect: Aspect,
    { nowMs, top }: { readonly nowMs: number; readonly top: Estimate },
  ): Estimate {
    const decay = { nowMs, halfLifeMs: this.#halfLifeOf(aspect), leanMax: LEAN_MAX }
    return keysOf(place).reduce<Estimate>(
      (group, key) => leanOn(group, this.#tallyAt(key, aspect), decay),
      top,
    )
  }

  #timeOf(place: RoutePlace, name: TimeName): number | undefined {
    return keysOf(place)
      .map((key) => this.#cells.get(key)?.[name])
      .findLast((time) => time !== undefined)
  }

  #noteTime(place: RoutePlace, name: TimeName, tookMs: number): void {
    for (const key of keysOf(place)) {
      const cell = this.#cellAt(key)
      cell[name] = (cell[name] ?? tookMs) * (1 - TIME_STEP) + tookMs * TIME_STEP
    }
  }
}

/** Shares of which others are taken away keep all that they know. */
const weightMaxOf = (aspect: Aspect): number =>
  aspect === 'accepted' || aspect === 'delivered' ? WEIGHT_MAX : Number.POSITIVE_INFINITY

type TimeName = 'answerMs' | 'arrivalMs'

/** From the provider at large to the carrier, so that each leans on the one before. */
function keysOf({ providerId, channel, country, carrier }: RoutePlace): readonly string[] {
  const wide = `${providerId}|${channel}`
  const inCountry = `${wide}|${country}`
  return carrier === undefined ? [wide, inCountry] : [wide, inCountry, `${inCountry}|${carrier}`]
}
