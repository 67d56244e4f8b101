import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export const KEY_ID = `SK${'5'.repeat(32)}`
export const KEY_SECRET = 'a-secret-that-only-tests-know'
export const AUTHORIZATION = `Basic ${btoa(`${KEY_ID}:${KEY_SECRET}`)}`

export type ServerProcess = {
  readonly url: string
  /** What it printed before and after it was ready. */
  readonly output: () => string
  /** An authorised JSON call; the body is parsed. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Asks it to stop and waits until it has. Answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: nothing is flushed, nothing says goodbye. */
  kill(): Promise<void>
}

export type ServerOptions = {
  /** The command and its arguments; `--port 0` belongs to them. */
  readonly command: readonly [string, ...string[]]
  readonly dataDir: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a server as its own process and waits until it says where it listens. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const [program, ...args] = options.command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      TOLLGATE_DATA_DIR: options.dataDir,
      TOLLGATE_BOOTSTRAP_KEY: `${KEY_ID}:${KEY_SECRET}`,
      ...options.environment,
    },
  })
  const lines: string[] = []
  const url = await listeningUrl(child, lines)
  return {
    url,
    output: () => lines.join('\n'),
    call: (method, path, body) => callJson(`${url}${path}`, method, body),
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL')
    },
  }
}

async function callJson(url: string, method: string, body: unknown) {
  const response = await fetch(url, {
    method,
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

function listeningUrl(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = (line: string) => {
      lines.push(line)
      const url = /(http:\/\/[\w.:[\]]+)/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    }
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', read)
    }
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`the server ended with ${code}:\n${lines.join('\n')}`)),
    )
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = once(child, 'exit')
  child.kill(signal)
  const [code] = (await exited) as [number | null]
  return code
}
