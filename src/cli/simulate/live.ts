import * as z from 'zod'
import { UsageError } from '../command.ts'
import type { Answer, SimEvent } from './event.ts'

const answerSchema = z.object({
  ref: z.string(),
  sent: z.boolean(),
  decision: z.enum(['allow', 'challenge', 'block']),
})

export type LiveService = {
  readonly write: (line: string) => void
  /** One line for each issue and each check, in that order, as `tollgate replay -` writes them. */
  readonly answers: AsyncIterator<string>
  readonly events: Generator<SimEvent, void, Answer | undefined>
  /** Events at most. */
  readonly most: number
}

/** Plays against a service that answers: each event is written when the one before was answered, and people act on it. */
export async function playLive({ write, answers, events, most }: LiveService): Promise<void> {
  let step = events.next()
  try {
    for (let count = 0; !step.done && count < most; count++) {
      const event = step.value
      write(`${JSON.stringify(event)}\n`)
      step = events.next(await answerTo(event, answers))
    }
  } finally {
    // An input that nobody reads any more would keep the process alive.
    await answers.return?.()
  }
}

async function answerTo(
  event: SimEvent,
  answers: AsyncIterator<string>,
): Promise<Answer | undefined> {
  if (event.type !== 'issue' && event.type !== 'check') return undefined
  const line = await answers.next()
  if (line.done === true) throw new UsageError(`no answer came to ${event.type} ${event.ref}`)
  return event.type === 'issue' ? readAnswer(line.value, event.ref) : undefined
}

function readAnswer(line: string, ref: string): Answer {
  const parsed = answerSchema.safeParse(jsonOf(line))
  if (parsed.success && parsed.data.ref === ref) return parsed.data
  throw new UsageError(`what came is no answer to issue ${ref}: ${line.slice(0, 200)}`)
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
