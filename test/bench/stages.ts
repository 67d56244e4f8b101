import type { ReplayStage } from '../../src/flows/replay.ts'

/** The steps of one decision in their order, as `timedStage` tells them apart; the last comes when there is a verdict already. */
export const STAGES = [
  'number, account and price',
  'signals and subjects',
  'counters (13 subjects)',
  'customer',
  'ranges',
  'range gate and features',
  'rules',
  'model',
  'verdict',
  'record of the decision',
] as const
type StageName = (typeof STAGES)[number]

/** Microseconds of each step, one member for each decision. */
export type Laps = Readonly<Record<StageName, number[]>>

const MODEL = STAGES.indexOf('model')
const VERDICT = STAGES.indexOf('verdict')

/**
 * The same stage with a stopwatch at the seams that a decision passes: from the tenant's look-up before the number is read to
 * the moment the decision goes to its store. The flows are the server's own. `isTimed` is asked before each request. A decision
 * that weighs a pardon asks counters and rules once more after the model: that is a part of its verdict.
 */
export function timedStage(stage: ReplayStage, isTimed: () => boolean) {
  const laps = Object.fromEntries(STAGES.map((name) => [name, []])) as unknown as Laps
  const spent = new Float64Array(STAGES.length)
  let running = false
  let lastMs = 0
  let reached = 0
  let isDecided = false
  const start = () => {
    running = isTimed()
    reached = 0
    isDecided = false
    spent.fill(0)
    lastMs = performance.now()
  }
  const lap = (name: StageName) => {
    if (!running) return
    const nowMs = performance.now()
    const place = STAGES.indexOf(name)
    const isAgain = place < reached
    reached = isAgain ? VERDICT : place
    spent[reached] = (spent[reached] as number) + (nowMs - lastMs) * 1_000
    // Read again, so that the notes of the watch are in no lap.
    lastMs = performance.now()
  }
  const decided = () => {
    if (isDecided || reached < MODEL) return
    lap('verdict')
    isDecided = true
  }
  const stop = () => {
    // Nobody decides on a request for a test number.
    if (running && isDecided) {
      lap('record of the decision')
      STAGES.forEach((name, place) => {
        laps[name].push(spent[place] as number)
      })
    }
    running = false
  }
  return { laps, stage: withSeams(stage, { start, lap, decided, stop }) }
}

type Watch = {
  readonly start: () => void
  readonly lap: (name: StageName) => void
  /** An id was made: the decision's, where there is a score to decide on. */
  readonly decided: () => void
  readonly stop: () => void
}

function withSeams(stage: ReplayStage, { start, lap, decided, stop }: Watch): ReplayStage {
  const { house, serviceOf } = stage
  const { lists, verifications, platform } = house
  const policy = policyWithSeams(stage, lap)
  return {
    ...stage,
    serviceOf: (tenant) => {
      start()
      return serviceOf(tenant)
    },
    house: {
      ...house,
      ...memoryWithSeams(stage, lap),
      platform: {
        ...platform,
        // The id of a decision is made as soon as there is a verdict.
        randomBytes: (length) => {
          decided()
          return platform.randomBytes(length)
        },
      },
      policy: () => policy,
      lists: {
        ...lists,
        matcherFor: (accountId, nowMs) => {
          lap('number, account and price')
          return lists.matcherFor(accountId, nowMs)
        },
      },
      // A server keeps what every decision was made from.
      evidence: { stored: true, onVector: () => lap('range gate and features') },
      verifications: {
        ...verifications,
        open: (opening) => {
          stop()
          return verifications.open(opening)
        },
        refuse: (verification) => {
          stop()
          return verifications.refuse(verification)
        },
      },
    },
  }
}

function policyWithSeams({ house }: ReplayStage, lap: Watch['lap']) {
  const policy = house.policy()
  const { model } = policy
  if (model === undefined) throw new TypeError('there is no model to time')
  return {
    ...policy,
    model: {
      ...model,
      score: (vector: Float64Array) => {
        lap('rules')
        const score = model.score(vector)
        lap('model')
        return score
      },
    },
  }
}

function memoryWithSeams({ house }: ReplayStage, lap: Watch['lap']) {
  const { velocity, ranges } = house
  return {
    velocity: {
      observe: (ask: Parameters<typeof velocity.observe>[0]) => {
        lap('signals and subjects')
        const told = velocity.observe(ask)
        lap('counters (13 subjects)')
        return told
      },
      record: (event: Parameters<typeof velocity.record>[0]) => velocity.record(event),
      purge: (nowMs: number, limit: number) => velocity.purge(nowMs, limit),
    },
    ranges: {
      look: (ask: Parameters<typeof ranges.look>[0]) => {
        lap('customer')
        const sight = ranges.look(ask)
        lap('ranges')
        return sight
      },
      note: (outcome: Parameters<typeof ranges.note>[0]) => ranges.note(outcome),
      forgive: (...range: Parameters<typeof ranges.forgive>) => ranges.forgive(...range),
      together: ranges.together.bind(ranges),
      purge: (nowMs: number, limit: number) => ranges.purge(nowMs, limit),
    },
  }
}
