import type { BuildDeps } from './channels/check-routes.ts'
import type { Environment } from './channels/environment.ts'
import type { RegisteredKind } from './channels/registered-kind.ts'
import { createRouter } from './channels/router.ts'
import { createRouterMemory, type RouterMemory } from './channels/router-memory.ts'
import type { Mistake } from './config/mistake.ts'
import type { RulesFiles } from './config/placed-data.ts'
import { parseRulesFolder, type RulesFolder } from './config/rules-folder.ts'
import type { House } from './flows/house.ts'
import type { Policy } from './flows/policy.ts'
import type { Platform } from './platform/platform.ts'
import { compileLists } from './risk/list-matcher.ts'
import type { Model } from './risk/model/model.ts'
import type { NetworkIndex } from './risk/network-index.ts'
import { networkData } from './risk/network-kinds.ts'

export type PolicyParts = {
  readonly files: RulesFiles
  /** For `${NAME}` in routes.yaml. */
  readonly environment: Environment
  readonly networks: NetworkIndex | undefined
  readonly model: Model | undefined
  /** Where receipts reach us; providers are told at each send. */
  readonly publicUrl?: string | undefined
  /** A model on trial; the rules on trial are among the files. */
  readonly challengerModel?: Model | undefined
  /** The kinds of provider that routes.yaml may name. */
  readonly kinds: readonly RegisteredKind[]
}

export type LoadedPolicy =
  | { readonly kind: 'ok'; readonly policyFor: PolicyMaker }
  | { readonly kind: 'wrong'; readonly mistakes: readonly Mistake[] }

/** The last step needs the house's own parts; what the router knows of providers is handed on from the policy before. */
export type PolicyMaker = (hands: {
  readonly platform: Platform
  readonly sandbox: House['sandbox']
  readonly memory?: RouterMemory
  readonly sessionOf?: BuildDeps['sessionOf']
}) => Policy

/** Reads everything the operator wrote, or names every mistake in it. */
export function loadPolicy(parts: PolicyParts): LoadedPolicy {
  const { files, environment, networks, model, publicUrl, kinds } = parts
  const parsed = parseRulesFolder(files, { environment, kinds })
  if (parsed.kind === 'wrong') return parsed
  const whole = wholeFolder(parsed.value)
  if ('mistakes' in whole) return { kind: 'wrong', mistakes: whole.mistakes }
  const { ruleSet, routes, prices, costs, lists } = whole
  const operatorLists = compileLists(lists.entries)
  const network = networkData(lists.networks, networks)
  const challenger = challengerOf(whole, parts)
  return {
    kind: 'ok',
    policyFor: ({ platform, sandbox, memory = createRouterMemory(), sessionOf }) => ({
      ruleSet,
      prices,
      costs,
      operatorLists,
      networkData: network,
      model,
      challenger,
      usesSandbox: routes.providers.some(({ kind }) => kind === 'sandbox'),
      router: createRouter({ checked: routes, platform, sandbox, memory, publicUrl, sessionOf }),
    }),
  }
}

/** Rules or a model on trial, or both; what is not on trial is that in force. */
function challengerOf(
  { ruleSet, challenger }: RulesFolder,
  { model, challengerModel }: PolicyParts,
): Policy['challenger'] {
  if (challenger === undefined && challengerModel === undefined) return undefined
  return { ruleSet: challenger ?? ruleSet, model: challengerModel ?? model }
}

type WholeFolder = RulesFolder & {
  readonly routes: NonNullable<RulesFolder['routes']>
  readonly prices: NonNullable<RulesFolder['prices']>
}

/** A folder to try rules with may lack routes and prices; one to serve from may not. */
function wholeFolder(folder: RulesFolder): WholeFolder | { readonly mistakes: readonly Mistake[] } {
  const { routes, prices } = folder
  if (routes !== undefined && prices !== undefined) return { ...folder, routes, prices }
  const missing = (file: string): Mistake => ({
    file,
    line: 1,
    column: 1,
    message: 'the folder has no such file',
  })
  return {
    mistakes: [
      ...(routes === undefined ? [missing('routes.yaml')] : []),
      ...(prices === undefined ? [missing('prices/usd.yaml')] : []),
    ],
  }
}
