import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startCli } from './run-cli.ts'

test('the simulator plays a closed loop against a live replay, each in a process of its own', async () => {
  const people = startCli([
    'simulate',
    '--live',
    '--world',
    'b',
    '--days',
    '0.2',
    '--scale',
    '0.05',
  ])
  const service = startCli(['replay', '-'])
  people.stdout.pipe(service.stdin)
  service.stdout.pipe(people.stdin)
  const ended = Promise.all([once(people, 'exit'), once(service, 'exit')])
  const [played, answered] = await Promise.all([text(people.stdout), text(service.stdout)])
  expect((await ended).map(([code]) => code)).toEqual([0, 0])
  const refused = new Set(
    answered
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ sent }) => sent === false)
      .map(({ ref }) => ref),
  )
  const events = played
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(refused.size).toBeGreaterThan(0)
  expect(events.length).toBeGreaterThan(100)
  // Nobody types in a code that was never sent.
  expect(events.filter(({ type, ref }) => type !== 'issue' && refused.has(ref))).toEqual([])
})
