import { existsSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PaceStore } from './channels/pace-store.ts'
import type { House } from './flows/house.ts'
import { rebuildCounters } from './flows/rebuild-counters.ts'
import type { NodeGround } from './node-house.ts'
import type { Log } from './platform/platform.ts'
import type { Vault } from './platform/vault.ts'
import { MemoryRangeWatch } from './risk/ranges/memory-watch.ts'
import {
  type NumberSeal,
  rangeSnapshotChunks,
  restoreRanges,
} from './storage/memory/range-snapshot.ts'
import { MemoryVelocityStore } from './storage/memory/velocity-store.ts'
import { SqlPaceStore } from './storage/sql/pace-store.ts'
import { SqlRangeWatch } from './storage/sql/range-watch.ts'
import { SqlVelocityStore } from './storage/sql/velocity-store.ts'

const COUNTERS_FILE = 'counters.snapshot'
const RANGES_FILE = 'ranges.snapshot'

/** What requests and their outcomes are counted in. */
export type Counters = Pick<House, 'velocity' | 'ranges'> & {
  /** The rates of providers, for all processes; undefined: this one keeps its own. */
  readonly paces: PaceStore | undefined
  /** Counts again what came after the last snapshots; answers how many requests were looked at. */
  rebuild(house: Parameters<typeof rebuildCounters>[0]): Promise<number>
  save(): Promise<void>
}

type NodeCountersGround = Pick<NodeGround, 'environment' | 'platform' | 'vault' | 'db' | 'dataDir'>

/** In this process's memory, or in the database for all processes on it. */
export async function openCounters(ground: NodeCountersGround): Promise<Counters> {
  const { environment, platform, vault, db, dataDir } = ground
  if (environment.TOLLGATE_COUNTERS === 'database') {
    const hash = (text: string) => vault.digest('subjects', text)
    return {
      velocity: new SqlVelocityStore({ db }),
      ranges: new SqlRangeWatch({ db, hash }),
      paces: new SqlPaceStore(db.driver),
      rebuild: async () => 0,
      save: async () => {},
    }
  }
  const counters = await restoreCounters({ dataDir, vault, log: platform.log })
  const until = { velocityMs: counters.velocity.atMs, rangesMs: counters.ranges.atMs }
  return {
    ...counters,
    paces: undefined,
    rebuild: (house) => rebuildCounters(house, until),
    save: () => saveCounters(ground, counters),
  }
}

export type MemoryCounters = {
  readonly velocity: MemoryVelocityStore
  readonly ranges: MemoryRangeWatch
}
export type CountersGround = { readonly dataDir: string; readonly vault: Vault; readonly log: Log }

/** The counters as the last snapshots have them; empty, with a line in the log, where one cannot be read. */
export async function restoreCounters(ground: CountersGround): Promise<MemoryCounters> {
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
  { velocity, ranges }: MemoryCounters,
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
