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
  const out = join(home, 'dist', 'worker')
  let told = ''
  const err = (text: string) => {
    told += text
  }
  return {
    folder,
    out,
    written: await writeEdgeRules({ folder, out, err }),
    told: () => told,
  }
}

test('a folder without mistakes becomes the JSON that the Worker carries', async () => {
  const { written, out, told } = await write('version: "1"\nrules: []\n')
  expect(written).toBe(true)
  expect(told()).toBe('')
  expect(JSON.parse(await readFile(join(out, 'rules.json'), 'utf8'))).toEqual({
    'policy.yaml': { value: { version: '1', rules: [] }, digest: expect.stringMatching(/^\w{8}$/) },
  })
})

test('a mistake stops the build with file, line and column, and nothing is written', async () => {
  const { written, out, told, folder } = await write('version: 1\nrules: []\nextra: 1\n')
  expect(written).toBe(false)
  expect(existsSync(out)).toBe(false)
  expect(told()).toBe(
    [
      `${folder}/policy.yaml:1:10: version: expected string, received number`,
      `${folder}/policy.yaml:3:1: extra: unknown field`,
      '',
    ].join('\n'),
  )
})

test('the interpreter of conditions is in the Worker only where a condition needs it', async () => {
  const policy = (when: string) =>
    `version: "1"\nrules:\n  - { id: a, why: b, when: '${when}', action: block }\n`
  const chosen = async (when: string) => {
    const { out } = await write(policy(when))
    return readFile(join(out, 'conditions.js'), 'utf8')
  }
  expect(await chosen('phone.asks_1h > 3')).toContain('/src/risk/portable-condition.ts')
  expect(await chosen('number.country.startsWith("G")')).toContain('/src/risk/rule-environment.ts')
})
