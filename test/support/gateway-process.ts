import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServer } from './server-process.ts'

const SCRIPT = fileURLToPath(new URL('gateway.ts', import.meta.url))
const RULES = fileURLToPath(new URL('../../rules', import.meta.url))
const TOKEN = 'a-token-that-only-tests-know'

export type Gateway = {
  readonly name: string
  readonly costMicros: number
  readonly process: ServerProcess
  /** The sends that it has, in the order in which they came; still told when it is dead. */
  taken(): Promise<readonly Taken[]>
  /** Forgets them. */
  clear(): Promise<void>
}

/** `atMs` has a fraction. */
export type Taken = { readonly id: string; readonly atMs: number }

export type GatewaySpec = {
  readonly name: string
  readonly costMicros: number
  readonly answerMs: number
}

/** A fake provider as its own process, which the server can ask over loopback. `folder` keeps its journal. */
export async function startGateway(folder: string, spec: GatewaySpec): Promise<Gateway> {
  const journal = join(folder, `${spec.name}.journal`)
  await writeFile(journal, '')
  const command = [process.execPath, SCRIPT, journal, String(spec.answerMs)] as const
  const running = await startServer({ command, dataDir: folder })
  return {
    name: spec.name,
    costMicros: spec.costMicros,
    process: running,
    taken: async () => readJournal(await readFile(journal, 'utf8')),
    clear: () => writeFile(journal, ''),
  }
}

const readJournal = (text: string): readonly Taken[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', atMs] = line.split(' ')
      return { id, atMs: Number(atMs) }
    })

/** The project's rules with these gateways as the only providers; the folder is the caller's to remove. */
export async function rulesWith(gateways: readonly Gateway[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-rules-'))
  await cp(RULES, folder, { recursive: true })
  const providers = gateways.map(({ name, costMicros, process }) => [
    name,
    {
      kind: 'http',
      settings: { url: `${process.url}/send`, receipt_token: TOKEN },
      cost_micros: costMicros,
    },
  ])
  const routes = {
    providers: Object.fromEntries(providers),
    routes: [{ match: {}, use: gateways.map(({ name }) => name) }],
  }
  await writeFile(join(folder, 'routes.yaml'), JSON.stringify(routes))
  return folder
}

/** Tells every gateway where its receipts go. */
export async function connectReceipts(
  gateways: readonly Gateway[],
  server: ServerProcess,
): Promise<void> {
  for (const { name, process } of gateways) {
    const url = `${server.url}/receipts/http/${name}`
    await process.call('POST', '/receipts', { url, token: TOKEN })
  }
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true })

/** A line of the server's log about one try of one send. */
export type Tried = {
  readonly atMs: number
  readonly send: string
  readonly provider: string
  readonly outcome: string
}

/** Every try that the server has logged, in order. */
export function triesOf(server: ServerProcess): readonly Tried[] {
  return server
    .output()
    .split('\n')
    .filter((line) => line.includes('"send.tried"'))
    .map((line) => {
      const { at, send, provider, outcome } = JSON.parse(line) as Record<string, string>
      return {
        atMs: Date.parse(at ?? ''),
        send: send ?? '',
        provider: provider ?? '',
        outcome: outcome ?? '',
      }
    })
}

/** Ids begin with the time of their making. */
export const madeAtMs = (id: string): number => Number.parseInt(id.slice(2, 14), 16)
