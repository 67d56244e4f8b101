import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
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

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs the program to its end with these variables and no others. */
export async function runBundle(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [program, ...all] = bundleCommand(...args)
  const child = spawn(program, all, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code: code as number | null, out, err }
}
