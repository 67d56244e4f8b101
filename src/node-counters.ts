import { existsSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Platform } from './platform/platform.ts'
import { MemoryVelocityStore } from './storage/memory/velocity-store.ts'

const FILE = 'counters.snapshot'

/** The counters as the last snapshot has them; empty, with a line in the log, where it cannot be read. */
export async function restoreCounters(
  dataDir: string,
  log: Platform['log'],
): Promise<MemoryVelocityStore> {
  const store = new MemoryVelocityStore()
  const path = join(dataDir, FILE)
  if (!existsSync(path)) return store
  try {
    store.restore(new Uint8Array(await readFile(path)))
  } catch (error) {
    log.error('counters.unreadable', { cause: error instanceof Error ? error.name : '' })
  }
  return store
}

/** Writes beside and renames, so that there is always one whole snapshot; requests are served between its pieces. */
export async function saveCounters(dataDir: string, store: MemoryVelocityStore): Promise<void> {
  const path = join(dataDir, FILE)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    for (const chunk of store.snapshotChunks()) {
      await file.write(chunk)
      await nextTurn()
    }
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
