import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeEdgeRules } from './edge-rules.ts'

async function write(policy: string) {
  const home = await mkdtemp(join(tmpdir(), 'edge-rules-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const folder = join(home, 'rules')
  await mkdir(folder)
  await writeFile(join(folder, 'policy.yaml'), policy)
  const target = join(home, 'dist', 'worker', 'rules.json')
  let told = ''
  const err = (text: string) => {
    told += text
  }
  return {
    folder,
    target,
    written: await writeEdgeRules({ folder, target, err }),
    told: () => told,
  }
}

test('a folder without mistakes becomes the JSON that the Worker carries', async () => {
  const { written, target, told } = await write('version: "1"\nrules: []\n')
  expect(written).toBe(true)
  expect(told()).toBe('')
  expect(JSON.parse(await readFile(target, 'utf8'))).toEqual({
    'policy.yaml': { value: { version: '1', rules: [] }, digest: expect.stringMatching(/^\w{8}$/) },
  })
})

test('a mistake stops the build with file, line and column, and nothing is written', async () => {
  const { written, target, told, folder } = await write('version: 1\nrules: []\nextra: 1\n')
  expect(written).toBe(false)
  expect(existsSync(target)).toBe(false)
  expect(told()).toBe(
    [
      `${folder}/policy.yaml:1:10: version: expected string, received number`,
      `${folder}/policy.yaml:3:1: extra: unknown field`,
      '',
    ].join('\n'),
  )
})
