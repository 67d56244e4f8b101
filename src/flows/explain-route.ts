import type { Plan } from '../channels/plan.ts'
import type { Channel } from '../domain/channel.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { phoneOrProblem } from './assess.ts'
import { channelsAfter } from './fall-back.ts'
import type { House } from './house.ts'
import { routeFactsOf } from './route-facts.ts'

export type RouteExplained = {
  readonly country: string
  readonly carrier: string | undefined
  readonly plan: Plan
  /** The channels that take over from this one, in their order. */
  readonly fallbacks: readonly Channel[]
  readonly nowMs: number
}

/** Who would carry a message to this number now, in which order and why. Throws `invalid_phone`. Sends nothing. */
export function explainRoute(
  house: Pick<House, 'platform' | 'policy' | 'phoneData'>,
  asked: {
    readonly service: Service
    readonly to: string
    readonly channel: Channel
    readonly kind: MessageKind
  },
): RouteExplained {
  const { service, to, channel, kind } = asked
  const { phone, country, carrier } = phoneOrProblem(house, to)
  const nowMs = house.platform.nowMs()
  const send = { phone, channel, createdAtMs: nowMs }
  const facts = routeFactsOf(house, {
    service,
    send,
    locale: undefined,
    asker: { kind, hasWaited: false },
  })
  const policy = house.policy()
  const fallbacks = channelsAfter(policy, service, channel)
  return { country, carrier, plan: policy.router.explain(facts), fallbacks, nowMs }
}
