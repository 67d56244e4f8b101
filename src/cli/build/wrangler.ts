import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Runs wrangler on this Node in the project's folder and resolves with its exit code. Nothing that we ask of it needs an
 * account or a network. With a silent standard input it asks no questions.
 */
export async function wrangler(
  args: readonly string[],
  input: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  const program = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const settings = join(ROOT, 'src/cli/build/wrangler.env')
  const child = spawn(process.execPath, [`--env-file=${settings}`, program, ...args], {
    cwd: ROOT,
    stdio: [input, 'inherit', 'inherit'],
  })
  // Ctrl-C reaches wrangler by itself, and it is the one to say goodbye.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 0
}
