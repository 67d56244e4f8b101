import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { restoreCounters, saveCounters } from '../../src/node-counters.ts'
import { openVault } from '../../src/platform/vault.ts'
import { testVault } from '../support/databases.ts'
import { destination, START_MS } from '../support/range-traffic.ts'

const FILES = ['counters.snapshot', 'ranges.snapshot']

async function openGround() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tollgate-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const logs: string[] = []
  const at = (event: string, fields: object = {}) => {
    logs.push(JSON.stringify({ event, ...fields }))
  }
  return { dataDir, vault: testVault(), log: { info: at, warn: at, error: at }, logs }
}

type Ground = Awaited<ReturnType<typeof openGround>>

async function saveSome(ground: Ground) {
  const counters = await restoreCounters(ground)
  for (let index = 0; index < 50; index++) {
    const place = destination(`+4474112345${10 + index}`, 'GB')
    const atMs = START_MS + index
    counters.ranges.look({ ...place, atMs, known: false })
    counters.velocity.observeNow({ atMs, subjects: place.subjects, country: 'GB' })
  }
  await saveCounters(ground, counters)
  return counters
}

test('what was saved is there after a restart, readable by its owner only', async () => {
  const ground = await openGround()
  const { velocity, ranges } = await saveSome(ground)
  const again = await restoreCounters(ground)
  expect(again.ranges).toMatchObject({ size: ranges.size, atMs: ranges.atMs })
  expect(again.velocity).toMatchObject({ size: velocity.size, atMs: velocity.atMs })
  expect(ground.logs).toEqual([])
  expect((await readdir(ground.dataDir)).sort()).toEqual(FILES)
  for (const file of FILES) {
    expect((await stat(join(ground.dataDir, file))).mode & 0o777).toBe(0o600)
  }
})

test.each([
  ['is damaged', (bytes: Buffer) => bytes.fill(0xff, bytes.length >> 1)],
  ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
  ['is empty', () => Buffer.alloc(0)],
  ['is something else', () => Buffer.from('{"hello": "world"}')],
])('a snapshot that %s is reported and left out', async (_, spoil) => {
  const ground = await openGround()
  await saveSome(ground)
  for (const file of FILES) {
    const path = join(ground.dataDir, file)
    await writeFile(path, spoil(await readFile(path)))
  }
  const { velocity, ranges } = await restoreCounters(ground)
  expect([velocity.size, ranges.size]).toEqual([0, 0])
  const line = (file: string) =>
    JSON.stringify({ event: 'counters.unreadable', file, cause: 'SnapshotError' })
  expect(ground.logs).toEqual(FILES.map(line))
})

test('under another master key only the counters are taken over', async () => {
  const ground = await openGround()
  const { velocity } = await saveSome(ground)
  const vault = openVault([new Uint8Array(32).fill(9)], (length) => new Uint8Array(length))
  const again = await restoreCounters({ ...ground, vault })
  expect(again.velocity.size).toBe(velocity.size)
  expect(again.ranges.size).toBe(0)
  expect(ground.logs).toHaveLength(1)
})
