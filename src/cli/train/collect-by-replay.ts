import type { Hands } from '../command.ts'
import { toReplayEvent } from '../replay-events.ts'
import type { Collect } from './collect.ts'

/**
 * Features as the flows of the server compute them, under the rules in force and without a model, so that a new model
 * learns nothing from the one before it.
 */
export const collectBy = (hands: Pick<Hands, 'openReplay'>): Collect =>
  async function* collect({ seed, events }) {
    let seen: Float64Array | undefined
    const onVector = (vector: Float64Array) => {
      seen = vector
    }
    const replay = await hands.openReplay({ rules: undefined, model: false, onVector })
    for (const event of events) {
      seen = undefined
      await replay.apply(toReplayEvent(event))
      if (event.type !== 'issue' || seen === undefined) continue
      const { t, truth, scenario } = event
      yield { vector: seen, label: truth === 'fraud' ? 1 : 0, t, seed, scenario }
    }
  }
