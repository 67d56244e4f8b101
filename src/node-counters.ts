import { existsSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Log } from './platform/platform.ts'
import type { Vault } from './platform/vault.ts'
import { MemoryRangeWatch } from './risk/ranges/memory-watch.ts'
import {
  type NumberSeal,
  rangeSnapshotChunks,
  restoreRanges,
} from './storage/memory/range-snapshot.ts'
import { MemoryVelocityStore } from './storage/memory/velocity-store.ts'

const COUNTERS_FILE = 'counters.snapshot'
const RANGES_FILE = 'ranges.snapshot'

/** What one process counts in its memory. */
export type Counters = {
  readonly velocity: MemoryVelocityStore
  readonly ranges: MemoryRangeWatch
}
export type CountersGround = { readonly dataDir: string; readonly vault: Vault; readonly log: Log }

/** The counters as the last snapshots have them; empty, with a line in the log, where one cannot be read. */
export async function restoreCounters(ground: CountersGround): Promise<Counters> {
  const velocity = new MemoryVelocityStore()
  const ranges = new MemoryRangeWatch()
  await readSnapshot(ground, COUNTERS_FILE, (bytes) => velocity.restore(bytes))
  await readSnapshot(ground, RANGES_FILE, (bytes) =>
    restoreRanges(ranges, bytes, sealOf(ground.vault)),
  )
  return { velocity, ranges }
}

/** Both snapshots; requests are served between their pieces. */
export async function saveCounters(
  { dataDir, vault }: Pick<CountersGround, 'dataDir' | 'vault'>,
  { velocity, ranges }: Counters,
): Promise<void> {
  await writeSnapshot(join(dataDir, COUNTERS_FILE), velocity.snapshotChunks())
  await writeSnapshot(join(dataDir, RANGES_FILE), rangeSnapshotChunks(ranges, sealOf(vault)))
}

function sealOf(vault: Vault): NumberSeal {
  return {
    seal: (bytes) => vault.sealBytes(bytes, RANGES_FILE),
    open: (sealed) => vault.openBytes(sealed, RANGES_FILE),
  }
}

async function readSnapshot(
  { dataDir, log }: CountersGround,
  file: string,
  restore: (bytes: Uint8Array) => void,
): Promise<void> {
  const path = join(dataDir, file)
  if (!existsSync(path)) return
  try {
    restore(new Uint8Array(await readFile(path)))
  } catch (error) {
    log.error('counters.unreadable', { file, cause: error instanceof Error ? error.name : '' })
  }
}

/** Writes beside and renames, so that there is always one whole snapshot. */
async function writeSnapshot(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    for (const chunk of chunks) {
      await file.write(chunk)
      await nextTurn()
    }
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
