import type { CostBook } from '../billing/costs.ts'
import type { PriceBook } from '../billing/price-book.ts'
import { type CheckedRoutes, checkRoutes } from '../channels/check-routes.ts'
import type { Environment } from '../channels/environment.ts'
import type { RegisteredKind } from '../channels/registered-kind.ts'
import type { RuleSet } from '../risk/rules.ts'
import { type ListsFolder, parseListsFolder } from './lists-folder.ts'
import { type Mistake, type Parsed, sortMistakes } from './mistake.ts'
import { checkPlaced, type PlacedData, type RulesFiles } from './placed-data.ts'
import { parsePolicyFile } from './policy-file.ts'
import { type CostGround, parseCostFiles, parsePriceFiles } from './price-files.ts'

/** Everything that the operator's folder says. */
export type RulesFolder = {
  readonly ruleSet: RuleSet
  /** Rules on trial; undefined: the folder has no challenger/policy.yaml. */
  readonly challenger: RuleSet | undefined
  /** undefined: the folder has no routes.yaml. */
  readonly routes: CheckedRoutes | undefined
  /** undefined: the folder has no prices. */
  readonly prices: PriceBook | undefined
  readonly costs: CostBook
  readonly lists: Omit<ListsFolder, 'mistakes'>
}

/** What routes are checked against. */
export type RulesSurroundings = {
  readonly environment: Environment
  readonly kinds: readonly RegisteredKind[]
}

const POLICY = 'policy.yaml'
const CHALLENGER = 'challenger/policy.yaml'
/** The files with conditions. */
export const POLICIES: readonly string[] = [POLICY, CHALLENGER]
export const ROUTES = 'routes.yaml'
const PRICES = /^prices\/[^/]+\.(yaml|csv)$/
const COSTS = /^costs\/[^/]+\.(yaml|csv)$/
const LISTS = 'lists/'

/** Notes for people, and what editors and version control leave behind. */
export const isIgnored = (path: string): boolean =>
  path.endsWith('.md') || path.split('/').some((part) => part.startsWith('.') || part.endsWith('~'))

/**
 * Judges a whole folder: either everything is right, or every mistake in every file is named and nothing of the folder may be
 * used. Never throws.
 */
export function parseRulesFolder(
  folder: RulesFiles,
  surroundings: RulesSurroundings,
): Parsed<RulesFolder> {
  const files = new Map([...folder].filter(([path]) => !isIgnored(path)))
  const policy = parsePolicy(files)
  const challenger = parseChallenger(files)
  const routes = parseRoutes(files, surroundings)
  const prices = parsePriceFiles(matching(files, PRICES))
  const costs = parseCostFiles(matching(files, COSTS), groundOf(routes))
  const { mistakes: listMistakes, ...lists } = parseListsFolder(underLists(files), 'lists')
  const mistakes = [policy, challenger, routes, prices, costs]
    .flatMap((part) => (part.kind === 'wrong' ? part.mistakes : []))
    .concat(listMistakes, unknownFiles(files))
  if (policy.kind === 'wrong' || routes.kind === 'wrong' || prices.kind === 'wrong')
    return { kind: 'wrong', mistakes: sortMistakes(mistakes) }
  if (mistakes.length > 0 || challenger.kind === 'wrong' || costs.kind === 'wrong')
    return { kind: 'wrong', mistakes: sortMistakes(mistakes) }
  const value = {
    ruleSet: policy.value,
    challenger: challenger.value,
    routes: routes.value,
    prices: prices.value,
    costs: costs.value,
    lists,
  }
  return { kind: 'ok', value }
}

const atTop = (file: string, message: string): Mistake => ({ file, line: 1, column: 1, message })

/** A file of the folder as data; undefined where it is not there, or text. */
export function dataAt(files: RulesFiles, path: string): PlacedData | undefined {
  const content = files.get(path)
  return typeof content === 'string' ? undefined : content
}

function parsePolicy(files: RulesFiles): Parsed<RuleSet> {
  const data = dataAt(files, POLICY)
  if (data !== undefined) return parsePolicyFile(data)
  return { kind: 'wrong', mistakes: [atTop(POLICY, 'the folder has no such file')] }
}

function parseChallenger(files: RulesFiles): Parsed<RuleSet | undefined> {
  const data = dataAt(files, CHALLENGER)
  return data === undefined ? { kind: 'ok', value: undefined } : parsePolicyFile(data)
}

function parseRoutes(
  files: RulesFiles,
  { environment, kinds }: RulesSurroundings,
): Parsed<CheckedRoutes | undefined> {
  const data = dataAt(files, ROUTES)
  if (data === undefined) return { kind: 'ok', value: undefined }
  return checkPlaced(data, (value) => {
    const result = checkRoutes(value, environment, kinds)
    return result.kind === 'good' ? { kind: 'good', value: result.checked } : result
  })
}

const matching = (files: RulesFiles, pattern: RegExp): RulesFiles =>
  new Map([...files].filter(([path]) => pattern.test(path)))

/** Undefined where routes.yaml is missing or wrong, which is told by itself. */
function groundOf(routes: Parsed<CheckedRoutes | undefined>): CostGround {
  const checked = routes.kind === 'ok' ? routes.value : undefined
  return {
    providers: checked && new Set(checked.providers.map(({ id }) => id)),
    routing: checked?.routing,
  }
}

const underLists = (files: RulesFiles): RulesFiles =>
  new Map(
    [...files]
      .filter(([path]) => path.startsWith(LISTS))
      .map(([path, content]) => [path.slice(LISTS.length), content]),
  )

const unknownFiles = (files: RulesFiles): readonly Mistake[] =>
  [...files.keys()]
    .filter((path) => path !== POLICY && path !== CHALLENGER && path !== ROUTES)
    .filter((path) => !PRICES.test(path) && !COSTS.test(path) && !path.startsWith(LISTS))
    .map((path) =>
      atTop(
        path,
        `not a file of a rules folder; expected ${POLICY}, ${CHALLENGER}, ${ROUTES}, prices/*, costs/* (.yaml or .csv) or lists/`,
      ),
    )
