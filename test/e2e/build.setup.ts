import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the built program, far from any node_modules of the sources. */
    readonly bundle: string
  }
}

const SCRIPT = fileURLToPath(new URL('../../src/cli/build/build-bundle.ts', import.meta.url))

/** Builds the program once, as `npm run build` does, into a temporary folder. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bundle = await mkdtemp(join(tmpdir(), 'tollgate-bundle-'))
  await promisify(execFile)(process.execPath, [SCRIPT, bundle])
  project.provide('bundle', bundle)
  return () => rm(bundle, { recursive: true, force: true })
}
