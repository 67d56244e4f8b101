import type { ReplayAnswer } from '../../flows/replay.ts'
import type { Hands } from '../command.ts'
import { toReplayEvent } from '../replay-events.ts'
import type { Answer } from '../simulate/event.ts'
import type { Collect } from './collect.ts'

/**
 * Features as the flows of the server compute them, under the rules in force and the model of the recording, never the one that
 * is shipped. The loop is closed: attackers who are refused change, as they will in front of a server.
 */
export const collectBy = (hands: Pick<Hands, 'openReplay'>): Collect =>
  async function* collect({ seed, events, model }) {
    let seen: Float64Array | undefined
    const onVector = (vector: Float64Array) => {
      seen = vector
    }
    const replay = await hands.openReplay({ rules: undefined, model: model ?? false, onVector })
    let told: Answer | undefined
    for (let step = events.next(); step.done !== true; step = events.next(told)) {
      const event = step.value
      seen = undefined
      const answer = await replay.apply(toReplayEvent(event))
      told = toldOf(answer)
      if (event.type !== 'issue' || seen === undefined) continue
      const { t, truth, scenario } = event
      yield { vector: seen, label: truth === 'fraud' ? 1 : 0, t, seed, scenario }
    }
  }

/** What the author of an event learns from the service. */
const toldOf = (answer: ReplayAnswer | undefined): Answer | undefined =>
  answer !== undefined && 'sent' in answer ? { sent: answer.sent } : undefined
