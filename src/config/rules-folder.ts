import { checkPrices, openPriceBook, type PriceBook, type Prices } from '../billing/prices.ts'
import { type CheckedRoutes, checkRoutes } from '../channels/check-routes.ts'
import type { Environment } from '../channels/environment.ts'
import type { RegisteredKind } from '../channels/kinds.ts'
import type { RuleSet } from '../risk/rules.ts'
import { type ListsFolder, parseListsFolder } from './lists-folder.ts'
import { type Mistake, type Parsed, sortMistakes } from './mistake.ts'
import { parsePolicyFile } from './policy-file.ts'
import { checkYaml } from './yaml-file.ts'

/** Everything that the operator's folder says. */
export type RulesFolder = {
  readonly ruleSet: RuleSet
  /** Rules on trial; undefined: the folder has no challenger/policy.yaml. */
  readonly challenger: RuleSet | undefined
  /** undefined: the folder has no routes.yaml. */
  readonly routes: CheckedRoutes | undefined
  /** undefined: the folder has no prices. */
  readonly prices: PriceBook | undefined
  readonly lists: Omit<ListsFolder, 'mistakes'>
}

/** What routes are checked against. */
export type RulesSurroundings = {
  readonly environment: Environment
  readonly kinds: readonly RegisteredKind[]
}

const POLICY = 'policy.yaml'
const CHALLENGER = 'challenger/policy.yaml'
const ROUTES = 'routes.yaml'
const PRICES = /^prices\/[^/]+\.yaml$/
const LISTS = 'lists/'

/** Notes for people, and what editors and version control leave behind. */
const isIgnored = (path: string): boolean =>
  path.endsWith('.md') || path.split('/').some((part) => part.startsWith('.') || part.endsWith('~'))

/**
 * Reads a whole folder, texts by path under it with `/` between the parts: either everything is right, or every mistake in every
 * file is named and nothing of the folder may be used. Never throws.
 */
export function parseRulesFolder(
  texts: ReadonlyMap<string, string>,
  surroundings: RulesSurroundings,
): Parsed<RulesFolder> {
  const files = new Map([...texts].filter(([path]) => !isIgnored(path)))
  const policy = parsePolicy(files)
  const challenger = parseChallenger(files)
  const routes = parseRoutes(files, surroundings)
  const prices = parsePrices(files)
  const { mistakes: listMistakes, ...lists } = parseListsFolder(underLists(files), 'lists')
  const mistakes = [policy, challenger, routes, prices]
    .flatMap((part) => (part.kind === 'wrong' ? part.mistakes : []))
    .concat(listMistakes, unknownFiles(files))
  if (policy.kind === 'wrong' || routes.kind === 'wrong' || prices.kind === 'wrong')
    return { kind: 'wrong', mistakes: sortMistakes(mistakes) }
  if (mistakes.length > 0 || challenger.kind === 'wrong')
    return { kind: 'wrong', mistakes: sortMistakes(mistakes) }
  const value = {
    ruleSet: policy.value,
    challenger: challenger.value,
    routes: routes.value,
    prices: prices.value,
    lists,
  }
  return { kind: 'ok', value }
}

const atTop = (file: string, message: string): Mistake => ({ file, line: 1, column: 1, message })

function parsePolicy(files: ReadonlyMap<string, string>): Parsed<RuleSet> {
  const text = files.get(POLICY)
  if (text !== undefined) return parsePolicyFile(POLICY, text)
  return { kind: 'wrong', mistakes: [atTop(POLICY, 'the folder has no such file')] }
}

function parseChallenger(files: ReadonlyMap<string, string>): Parsed<RuleSet | undefined> {
  const text = files.get(CHALLENGER)
  return text === undefined ? { kind: 'ok', value: undefined } : parsePolicyFile(CHALLENGER, text)
}

function parseRoutes(
  files: ReadonlyMap<string, string>,
  { environment, kinds }: RulesSurroundings,
): Parsed<CheckedRoutes | undefined> {
  const text = files.get(ROUTES)
  if (text === undefined) return { kind: 'ok', value: undefined }
  return checkYaml(ROUTES, text, (value) => {
    const result = checkRoutes(value, environment, kinds)
    return result.kind === 'good' ? { kind: 'good', value: result.checked } : result
  })
}

function parsePrices(files: ReadonlyMap<string, string>): Parsed<PriceBook | undefined> {
  const paths = [...files.keys()].filter((path) => PRICES.test(path)).sort()
  if (paths.length === 0) return { kind: 'ok', value: undefined }
  const parsed = paths.map((path) => parsePriceFile(path, files.get(path) ?? ''))
  const mistakes = parsed.flatMap((file) => (file.kind === 'wrong' ? file.mistakes : []))
  if (mistakes.length > 0) return { kind: 'wrong', mistakes }
  const result = openPriceBook(parsed.flatMap((file) => (file.kind === 'ok' ? [file.value] : [])))
  if (result.kind === 'good') return { kind: 'ok', value: result.book }
  const repeated = result.repeated.map((index) =>
    atTop(paths[index] ?? 'prices', 'another file has prices in this currency already'),
  )
  const lacking = result.lacksDefault ? [atTop('prices', 'no file has prices in USD')] : []
  return { kind: 'wrong', mistakes: [...repeated, ...lacking] }
}

const parsePriceFile = (path: string, text: string): Parsed<Prices> =>
  checkYaml(path, text, (value) => {
    const result = checkPrices(value)
    return result.kind === 'good' ? { kind: 'good', value: result.prices } : result
  })

const underLists = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...files]
      .filter(([path]) => path.startsWith(LISTS))
      .map(([path, text]) => [path.slice(LISTS.length), text]),
  )

const unknownFiles = (files: ReadonlyMap<string, string>): readonly Mistake[] =>
  [...files.keys()]
    .filter((path) => path !== POLICY && path !== CHALLENGER && path !== ROUTES)
    .filter((path) => !PRICES.test(path) && !path.startsWith(LISTS))
    .map((path) =>
      atTop(
        path,
        `not a file of a rules folder; expected ${POLICY}, ${CHALLENGER}, ${ROUTES}, prices/*.yaml or lists/`,
      ),
    )
