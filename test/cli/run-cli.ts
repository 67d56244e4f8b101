import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('../../src/node.ts', import.meta.url))

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Starts `tollgate` from the sources, with pipes for all three streams and no variables but those given. */
export function startCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [ENTRY, ...args], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs `tollgate` to its end with an empty or given standard input. */
export async function runCli(
  args: readonly string[],
  input = '',
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = startCli(args, environment)
  const exited = once(child, 'exit')
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code: code as number | null, out, err }
}
