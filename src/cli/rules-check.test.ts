import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { checkRulesFolder } from './rules-check.ts'

async function check(folder: string) {
  let out = ''
  let err = ''
  const code = await checkRulesFolder(folder, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    environment: {},
  })
  return { code, out, err }
}

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

test('the rules of the repository have no mistakes', async () => {
  const result = await check(fileURLToPath(new URL('../../rules', import.meta.url)))
  expect(result.err).toBe('')
  expect(result.code).toBe(0)
  expect(result.out).toMatch(/version .*, \d+ rules, no mistakes\n$/)
})

test('mistakes go to stderr with file, line and column, and the code is 1', async () => {
  const folder = await folderWith({ 'policy.yaml': 'version: 1\nrules: []\nextra: 1\n' })
  const result = await check(`${folder}/`)
  expect(result.code).toBe(1)
  expect(result.out).toBe('')
  expect(result.err).toBe(
    [
      `${folder}/policy.yaml:1:10: version: expected string, received number`,
      `${folder}/policy.yaml:3:1: extra: unknown field`,
      '2 mistakes',
      '',
    ].join('\n'),
  )
})

test('a folder that is not there is told apart from one that is wrong', async () => {
  expect(await check('/nowhere/at/all')).toMatchObject({ code: 2, out: '' })
})
