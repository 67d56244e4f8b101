import type { CostBook } from '../billing/costs.ts'
import type { PriceBook } from '../billing/price-book.ts'
import type { Router } from '../channels/router.ts'
import type { ListMatcher } from '../risk/list-matcher.ts'
import type { Model } from '../risk/model/model.ts'
import type { RuleSet } from '../risk/rules.ts'
import type { NetworkData } from '../risk/signals.ts'
import type { Contender } from './judge.ts'

/** Everything the operator's files say, as one value that is exchanged whole: a request sees all of it old or all of it new. */
export type Policy = {
  readonly ruleSet: RuleSet
  readonly prices: PriceBook
  /** What providers charge us, where costs/ tells. */
  readonly costs: CostBook
  readonly router: Router
  /** Whether the sandbox provider is among those of routes.yaml. */
  readonly usesSandbox: boolean
  /** rules/lists: for every account. */
  readonly operatorLists: ListMatcher
  /** Knows the hosting, VPN and Tor networks of rules/lists. */
  readonly networkData: NetworkData
  /** undefined: no model is installed, rules decide alone. */
  readonly model: Model | undefined
  /** Rules or model on trial: they see live traffic and change nothing. */
  readonly challenger?: Contender | undefined
}
