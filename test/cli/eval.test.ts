import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-eval-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a quick evaluation runs every detector in both worlds and writes tables, JSON and a page', async () => {
  const [json, page] = [join(folder, 'eval.json'), join(folder, 'eval.md')]
  const ended = await runCli(['eval', '--quick', '--json', json, '--page', page])
  expect(ended.code, ended.err).toBe(0)
  const { results } = JSON.parse(await readFile(json, 'utf8'))
  expect(results.map(({ world }: { world: string }) => world)).toEqual(['a', 'b'])
  for (const { detectors, goals } of results) {
    expect(detectors).toHaveLength(9)
    expect(goals.length).toBeGreaterThan(15)
    const [own] = detectors
    expect(own.name).toBe('tollgate')
    expect(own.score.recall).toBeGreaterThan(0)
    expect(own.benefit).toHaveLength(5)
  }
  expect(ended.out).toContain('== World b ==')
  expect(await readFile(page, 'utf8')).toContain('## Goals missed')
})

test.each([
  [['--worlds', 'c'], /there is no world 'c'; there are a, b, drawn/],
  [['--detectors', 'nobody'], /there is no detector 'nobody'; there are tollgate, rules_only/],
  [['--seeds', 'many'], /--seeds takes a number/],
])('eval %j is refused', async (args, message) => {
  const ended = await runCli(['eval', '--quick', ...args])
  expect(ended.code).toBe(2)
  expect(ended.err).toMatch(message)
})
