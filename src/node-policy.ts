import { existsSync, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildDeps } from './channels/check-routes.ts'
import { kindsNamedIn } from './channels/kinds-named.ts'
import type { PaceStore } from './channels/pace-store.ts'
import { createRouterMemory } from './channels/router-memory.ts'
import type { Hands } from './cli/command.ts'
import { formatMistake } from './config/mistake.ts'
import { readTexts } from './config/rules-files.ts'
import { dataAt, ROUTES } from './config/rules-folder.ts'
import { readRulesFiles } from './config/yaml-file.ts'
import type { House } from './flows/house.ts'
import type { Policy } from './flows/policy.ts'
import { StartError } from './node-house.ts'
import { type ModelPlaces, type RunningModels, rereadModels } from './node-models.ts'
import type { Platform } from './platform/platform.ts'
import type { Model } from './risk/model/model.ts'
import type { NetworkIndex } from './risk/network-index.ts'
import { type LoadedPolicy, loadPolicy, type PolicyMaker } from './wire-policy.ts'

const DEFAULT_DIR = 'rules'
const CHALLENGER_POLICY = 'challenger/policy.yaml'
/** Editors write a file in several steps; a change is read when they have been quiet for so long. */
const QUIET_MS = 200

export type PolicySource = {
  readonly folder: string
  readonly hands: Pick<Hands, 'environment'>
  readonly networks: NetworkIndex
  readonly model: Model | undefined
  readonly publicUrl?: string | undefined
  /** Where the models are that the policy is to follow; undefined keeps to `model`. */
  readonly models?: ModelPlaces
  /** A model on trial, and a folder of rules on trial instead of the one inside `folder`. */
  readonly challengerModel?: Model | undefined
  readonly challengerDir?: string | undefined
}

/** The folder as asked for; the program's own where nobody asked and the working directory has none. */
export function rulesFolderOf(hands: Pick<Hands, 'home'>, asked: string): string {
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

async function load(source: PolicySource): Promise<LoadedPolicy> {
  const { folder, hands, networks, model, publicUrl, challengerModel } = source
  const files = readRulesFiles(await textsOf(source, folder))
  return loadPolicy({
    files,
    environment: hands.environment,
    networks,
    model,
    publicUrl,
    challengerModel,
    kinds: await kindsNamedIn(dataAt(files, ROUTES)?.value),
  })
}

/** A challenger's own folder takes the place of the one among the rules. */
async function textsOf(
  { challengerDir }: PolicySource,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  if (!existsSync(folder)) throw new StartError(`There is no rules folder at ${folder}.`)
  const texts = await readTexts(folder)
  if (challengerDir === undefined) return texts
  const own = new Map([...texts].filter(([path]) => path !== CHALLENGER_POLICY))
  const policy = join(resolve(challengerDir), 'policy.yaml')
  return existsSync(policy) ? own.set(CHALLENGER_POLICY, await readFile(policy, 'utf8')) : own
}

export type LivePolicy = {
  readonly current: () => Policy
  /** Reads everything again; what has mistakes stays as it is and the log names them. */
  readonly reload: () => Promise<void>
  readonly close: () => void
  /** Ends the sessions of providers; those of an earlier reading ended when it was replaced. */
  readonly release: () => Promise<void>
}

type FollowHands = {
  readonly platform: Platform
  readonly sandbox: House['sandbox']
  readonly sessionOf?: BuildDeps['sessionOf']
  /** See `createRouterMemory`. */
  readonly paces?: PaceStore | undefined
}

/** A policy that follows its folder, and its models where it knows their files, while the server runs. */
export function followPolicy(
  source: PolicySource,
  first: PolicyMaker,
  { platform, sandbox, sessionOf, paces }: FollowHands,
): LivePolicy {
  const hands = { platform, sandbox, sessionOf, memory: createRouterMemory(paces) }
  const { log } = platform
  let models = { model: source.model, challenger: source.challengerModel }
  let current = first(hands)
  const reload = async (): Promise<void> => {
    try {
      if (source.models !== undefined) models = await rereadModels(source.models, models, log)
      const { model, challenger: challengerModel } = models
      const loaded = await load({ ...source, model, challengerModel })
      if (loaded.kind === 'wrong') {
        for (const mistake of loaded.mistakes)
          log.error('rules.refused', { mistake: formatMistake(mistake) })
        current = { ...current, ...withModels(current, models) }
        return
      }
      const before = current.router
      current = loaded.policyFor(hands)
      // An operator may allow one session of a name at a time.
      platform.defer(before.close().then(() => current.router.open()))
      log.info('rules.loaded', { version: current.ruleSet.version })
    } catch (error) {
      log.error('rules.unreadable', { cause: error instanceof Error ? error.name : '' })
    }
  }
  const watching = watchAll(foldersOf(source), platform, reload)
  const release = () => current.router.close()
  return { current: () => current, reload, close: watching.close, release }
}

/** New models go into force although the rules beside them are wrong. */
function withModels(
  { challenger, ruleSet }: Policy,
  { model, challenger: challengerModel }: RunningModels,
): Pick<Policy, 'model' | 'challenger'> {
  if (challenger === undefined && challengerModel === undefined) return { model }
  const rules = challenger?.ruleSet ?? ruleSet
  return { model, challenger: { ruleSet: rules, model: challengerModel ?? model } }
}

function foldersOf({ folder, models, challengerDir }: PolicySource): readonly string[] {
  const folders = [folder, challengerDir, models && dirname(models.model)]
  return folders.filter((each) => each !== undefined).filter((each) => existsSync(each))
}

/** One reload for a burst of changes, wherever they happen. */
function watchAll(
  folders: readonly string[],
  platform: Platform,
  reload: () => Promise<void>,
): { readonly close: () => void } {
  let quiet: NodeJS.Timeout | undefined
  const watchers = folders.map((folder) => {
    const watcher = watch(folder, { recursive: true }, () => {
      clearTimeout(quiet)
      quiet = setTimeout(() => platform.defer(reload()), QUIET_MS)
    })
    return watcher.on('error', () => platform.log.warn('rules.unwatched', {}))
  })
  return {
    close: () => {
      clearTimeout(quiet)
      for (const watcher of watchers) watcher.close()
    },
  }
}
