import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))
let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-backtest-'))
  const made = await runCli([
    'simulate',
    '--seed',
    '3',
    '--days',
    '0.2',
    '--scale',
    '0.1',
    '--out',
    at('events'),
  ])
  expect(made.code, made.err).toBe(0)
  await cp(RULES, at('b'), { recursive: true })
  const challenged = `version: "strict"
rules:
  - { id: challenge-all, why: For this test., when: request.price_micros >= 0.0, action: challenge }
`
  await writeFile(at('b/policy.yaml'), challenged)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const backtest = (...args: readonly string[]) =>
  runCli(['backtest', at('events'), '--a', RULES, ...args])

test('a recording without requests has no first and last day', async () => {
  const { code, out } = await runCli(['backtest', '-', '--a', RULES, '--b', RULES])
  expect(code).toBe(0)
  expect(out).toMatch(/^0 requests$/m)
  expect(out).not.toContain('1970')
})

test('the same rules on both sides change nothing', async () => {
  const { code, out, err } = await backtest('--b', RULES)
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(out).toMatch(/^0 decided differently$/m)
})

test('other rules are told in text, JSON and one page, and all three say the same', async () => {
  const { code, out } = await backtest(
    '--b',
    at('b'),
    '--json',
    at('r.json'),
    '--html',
    at('r.html'),
  )
  expect(code).toBe(0)
  const report = JSON.parse(await readFile(at('r.json'), 'utf8'))
  expect(report.changed).toBeGreaterThan(0)
  expect(report.labels.good).toBeGreaterThan(0)
  // Steady probes are pardoned for a small sum a day; everybody else meets the challenge.
  const { challenged, blocked, requests } = report.total.b
  expect(challenged).toBeGreaterThan(0.9 * (requests - blocked))
  expect(out).toContain(`${report.changed} decided differently`)
  const page = await readFile(at('r.html'), 'utf8')
  expect(page).toContain(`${report.changed} decided differently`)
  expect(page).not.toMatch(/<script|https?:|<link/)
})

test('a line that cannot be read is named, and the rest is run', async () => {
  const events = await readFile(at('events'), 'utf8')
  await writeFile(at('broken'), `nonsense\n${events}`)
  const { code, out, err } = await runCli(['backtest', at('broken'), '--a', RULES, '--b', RULES])
  expect(code).toBe(1)
  expect(err).toBe('line 1: not JSON\n')
  expect(out).toContain('1 lines could not be read')
})

test.each<[string, readonly string[], number, RegExp]>([
  ['a missing side', ['backtest', '-', '--a', RULES], 2, /--b takes a folder of rules/],
  [
    'no recording',
    ['backtest', '--a', RULES, '--b', RULES],
    2,
    /either a file of events or --from-db/,
  ],
  [
    'days of a file',
    ['backtest', '-', '--days', '3', '--a', RULES, '--b', RULES],
    2,
    /--days goes with --from-db/,
  ],
  [
    'a folder that is not there',
    ['backtest', '-', '--a', RULES, '--b', '/nowhere'],
    1,
    /no rules folder at \/nowhere/,
  ],
  [
    'no database',
    ['backtest', '--from-db', '--a', RULES, '--b', RULES],
    1,
    /There is no database in/,
  ],
  [
    'a model that is not there',
    ['backtest', '-', '--a', RULES, '--b', RULES, '--model-b', '/nowhere.json'],
    1,
    /no model at \/nowhere\.json/,
  ],
  [
    'a model that is cut off',
    ['backtest', '-', '--a', RULES, '--b', RULES, '--model-b', '/dev/null'],
    1,
    /\/dev\/null: the file is not whole JSON/,
  ],
  ['no database to train on', ['train', '--from-db'], 1, /There is no database in/],
])('%s is told in one line', async (_, args, code, message) => {
  const ended = await runCli(args, '', { TOLLGATE_DATA_DIR: at('no-data') })
  expect(ended.code).toBe(code)
  expect(ended.err).toMatch(message)
  expect(ended.err.split('\n')).toHaveLength(2)
})
