import { existsSync, watch } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBreakers } from './channels/breakers.ts'
import type { Hands } from './cli/command.ts'
import { formatMistake } from './config/mistake.ts'
import { readTexts } from './config/rules-files.ts'
import type { House } from './flows/house.ts'
import type { Policy } from './flows/policy.ts'
import { StartError } from './node-house.ts'
import type { Platform } from './platform/platform.ts'
import type { Model } from './risk/model/model.ts'
import type { NetworkIndex } from './risk/network-index.ts'
import { type LoadedPolicy, loadPolicy, type PolicyMaker } from './wire-policy.ts'

const DEFAULT_DIR = 'rules'
/** Editors write a file in several steps; a change is read when they have been quiet for so long. */
const QUIET_MS = 200

export type PolicySource = {
  readonly folder: string
  readonly hands: Hands
  readonly networks: NetworkIndex
  readonly model: Model | undefined
}

/** The folder as asked for; the program's own where nobody asked and the working directory has none. */
export function rulesFolderOf(hands: Hands, asked: string): string {
  const folder = resolve(asked)
  if (asked !== DEFAULT_DIR || existsSync(folder)) return folder
  return fileURLToPath(new URL(DEFAULT_DIR, hands.home))
}

/** The first reading: a folder with mistakes stops the start and every mistake is told. */
export async function readPolicy(source: PolicySource): Promise<PolicyMaker> {
  const loaded = await load(source)
  if (loaded.kind === 'ok') return loaded.policyFor
  const lines = loaded.mistakes.map((mistake) => `  ${formatMistake(mistake)}`)
  throw new StartError([`The rules in ${source.folder} are wrong:`, ...lines].join('\n'))
}

async function load({ folder, hands, networks, model }: PolicySource): Promise<LoadedPolicy> {
  if (!existsSync(folder)) throw new StartError(`There is no rules folder at ${folder}.`)
  const texts = await readTexts(folder)
  return loadPolicy({ texts, environment: hands.environment, networks, model })
}

export type LivePolicy = {
  readonly current: () => Policy
  /** Reads the folder again; with mistakes the policy stays as it is and the log names them. */
  readonly reload: () => Promise<void>
  readonly close: () => void
}

/** A policy that follows its folder while the server runs. */
export function followPolicy(
  source: PolicySource,
  first: PolicyMaker,
  { platform, sandbox }: { platform: Platform; sandbox: House['sandbox'] },
): LivePolicy {
  const breakers = createBreakers()
  const hands = { platform, sandbox, breakers }
  let current = first(hands)
  const reload = async (): Promise<void> => {
    try {
      const loaded = await load(source)
      if (loaded.kind === 'wrong') {
        for (const mistake of loaded.mistakes) {
          platform.log.error('rules.refused', { mistake: formatMistake(mistake) })
        }
        return
      }
      current = loaded.policyFor(hands)
      platform.log.info('rules.loaded', { version: current.ruleSet.version })
    } catch (error) {
      platform.log.error('rules.unreadable', { cause: error instanceof Error ? error.name : '' })
    }
  }
  let quiet: NodeJS.Timeout | undefined
  const watcher = watch(source.folder, { recursive: true }, () => {
    clearTimeout(quiet)
    quiet = setTimeout(() => platform.defer(reload()), QUIET_MS)
  })
  watcher.on('error', () => platform.log.warn('rules.unwatched', {}))
  return {
    current: () => current,
    reload,
    close: () => {
      clearTimeout(quiet)
      watcher.close()
    },
  }
}
