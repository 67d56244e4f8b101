import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-train-'))
  const record = (seed: number, name: string) =>
    runCli(['simulate', '--seed', `${seed}`, '--scale', '0.05', '--out', at(name)])
  await Promise.all([record(11, 'one.ndjson'), record(12, 'two.ndjson')])
})
afterAll(() => rm(folder, { recursive: true }))

test('a model is trained on given recordings, with a card that says so, and it can decide', async () => {
  const out = at('own/forest.json')
  const trained = await runCli(['train', at('one.ndjson'), at('two.ndjson'), '--out', out])
  expect(trained).toMatchObject({ code: 0, err: '' })
  expect(trained.out).toMatch(/forest-\w{12}: \d+ requests, AUC 0\.9/)
  const card = await readFile(at('own/forest.md'), 'utf8')
  expect(card).toContain('Recordings that were given (`tollgate train EVENTS…`): 2, with')
  expect(card).toContain('| home_users | legit |')
  const ask = (await readFile(at('one.ndjson'), 'utf8')).split('\n', 1)[0] ?? ''
  const replayed = await runCli(['replay', '-', '--model', out], `${ask}\n`)
  expect(replayed).toMatchObject({ code: 0, err: '' })
})

test('without truths, reports and right codes are the labels and the rest is left out', async () => {
  const lines = (await readFile(at('one.ndjson'), 'utf8')).trimEnd().split('\n')
  const blind = lines.map((line) => {
    const { truth: _, campaign: __, ...event } = JSON.parse(line)
    return JSON.stringify(event)
  })
  await writeFile(at('blind.ndjson'), `${blind.join('\n')}\n`)
  const { code, err } = await runCli(['train', at('blind.ndjson'), '--out', at('blind.json')])
  expect(code).toBe(1)
  expect(err).toMatch(
    /the recordings hold \d+ labelled requests, \d+ of fraud and \d+ legit; .* \(\d+ have no label\)/,
  )
})

test.each([
  [
    'a line that is no event',
    'one.ndjson',
    '{"type":"issue"}\n',
    1,
    /broken\.ndjson:\d+: t: .*; nothing was trained/,
  ],
  ['too few requests', undefined, '', 1, /the recordings hold 0 labelled requests/],
])('%s is refused, and no file is written', async (_, whole, broken, code, message) => {
  const before = whole === undefined ? '' : await readFile(at(whole), 'utf8')
  await writeFile(at('broken.ndjson'), before + broken)
  const ended = await runCli(['train', at('broken.ndjson'), '--out', at('refused.json')])
  expect(ended.code).toBe(code)
  expect(ended.err).toMatch(message)
  expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([])
})

test.each([
  [['train', '/nowhere.ndjson'], /there is no file \/nowhere\.ndjson to read/],
  [['train', '/nowhere.ndjson', '--from-db'], /takes either files of events or --from-db/],
  [['train', '--days', '3'], /--days goes with --from-db/],
])('%j is told in one line', async (args, message) => {
  const { code, err } = await runCli(args)
  expect(code).toBe(2)
  expect(err).toMatch(message)
  expect(err.split('\n')).toHaveLength(2)
})
