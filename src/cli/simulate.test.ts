import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation } from './command.ts'
import { simulateCommand } from './simulate.ts'

function call(values: Invocation['values']) {
  const written: string[] = []
  // Nothing else of what the entry hands over is touched by this command.
  const hands = { out: (text: string) => written.push(text) } as unknown as Invocation['hands']
  return simulateCommand({ positionals: [], values, hands }).then((code) => ({
    code,
    text: written.join(''),
  }))
}

test('a file and standard output get the same lines, each an event', async () => {
  const values = { seed: '7', days: '0.2', scale: '0.1' }
  const out = join(mkdtempSync(join(tmpdir(), 'tollgate-simulate-')), 'events.ndjson')
  const { code, text } = await call(values)
  expect(code).toBe(0)
  await call({ ...values, out })
  expect(readFileSync(out, 'utf8')).toBe(text)
  const lines = text.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(50)
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('ref')
})

test('it stops after so many events', async () => {
  const { text } = await call({ events: '25', out: '-' })
  expect(text.trimEnd().split('\n')).toHaveLength(25)
})

test('only the scenarios asked for take part', async () => {
  const { text } = await call({ scenarios: 'office, botnet', days: '1', scale: '0.1' })
  const names = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).scenario)
  expect(new Set(names)).toEqual(new Set(['office', 'botnet']))
})

test.each([
  [{ scenarios: 'nobody' }, /there is no scenario 'nobody'; there are home_users, office/],
  [{ world: 'c' }, /there is no world 'c'; there are a, b, drawn/],
  [{ days: 'ten' }, /--days takes a number/],
  [{ out: '/nowhere/at/all.ndjson' }, /cannot write \/nowhere/],
])('%j is refused', async (values, message) => {
  await expect(call(values)).rejects.toThrow(message)
})
