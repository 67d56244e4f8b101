import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { type ServerOptions, type ServerProcess, startServer } from '../support/server-process.ts'

/** How the built program is run by somebody who has only Node. */
export function bundleCommand(...args: string[]): readonly [string, ...string[]] {
  return [process.execPath, join(inject('bundle'), 'tollgate.mjs'), ...args]
}

/** A data directory that is gone after the test. */
export async function temporaryDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tollgate-data-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Starts the built server on a free port; it is stopped after the test if it still runs. */
export async function startBundle(
  dataDir: string,
  environment: ServerOptions['environment'] = {},
): Promise<ServerProcess> {
  const command = bundleCommand('serve', '--port', '0')
  const server = await startServer({ command, dataDir, environment })
  onTestFinished(() => server.kill())
  return server
}
