import { expect, test } from 'vitest'
import type { Answer, SimEvent } from './event.ts'
import { playLive } from './live.ts'
import { simulate } from './simulate.ts'

const OPTIONS = { seed: 3, days: 0.2, scale: 0.1 } as const

/** A service that answers each issue and check when it was written. */
function serviceSaying(sent: boolean) {
  const written: SimEvent[] = []
  const answers: AsyncIterator<string> = {
    next: async () => {
      const { type, ref } = written.at(-1) as SimEvent
      const decision = sent ? 'allow' : 'block'
      const answer = type === 'issue' ? { ref, decision, sent } : { ref, result: 'approved' }
      return { done: false, value: JSON.stringify(answer) }
    },
  }
  return { written, answers, write: (line: string) => written.push(JSON.parse(line)) }
}

function closed(answer: Answer): SimEvent[] {
  const stream = simulate(OPTIONS)
  const events: SimEvent[] = []
  for (let step = stream.next(); !step.done; step = stream.next(answer)) events.push(step.value)
  return events
}

test.each([true, false])('people act on what a live service answers (sent: %s)', async (sent) => {
  const service = serviceSaying(sent)
  await playLive({ ...service, events: simulate(OPTIONS), most: Number.POSITIVE_INFINITY })
  const decision = sent ? 'allow' : 'block'
  expect(service.written).toEqual(closed({ sent, decision }))
})

test.each([
  ['', /what came is no answer to issue/],
  ['{"ref":"another","decision":"allow","sent":true}', /what came is no answer to issue/],
  ['{"ref":"a3-000000","decision":"maybe","sent":true}', /what came is no answer to issue/],
])('a service that says %j is refused', async (value, message) => {
  const answers = { next: async () => ({ done: false as const, value }) }
  const play = playLive({ write: () => {}, answers, events: simulate(OPTIONS), most: 5 })
  await expect(play).rejects.toThrow(message)
})

test('a service that ends is missed', async () => {
  const answers = { next: async () => ({ done: true as const, value: undefined }) }
  const play = playLive({ write: () => {}, answers, events: simulate(OPTIONS), most: 5 })
  await expect(play).rejects.toThrow(/no answer came to issue/)
})
