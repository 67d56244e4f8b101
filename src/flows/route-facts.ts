import type { PlanFacts } from '../channels/plan.ts'
import { parsePhone } from '../risk/phone-facts.ts'
import type { House } from './house.ts'
import type { Routed } from './woken.ts'

/** What the router goes by for one message: where it goes, how it is signed, and what it costs with whom. */
export function routeFactsOf(
  house: Pick<House, 'policy' | 'phoneData'>,
  { service, send, locale = service.locale, asker }: Routed,
): PlanFacts {
  const { costs } = house.policy()
  const { channel, phone, createdAtMs: atMs } = send
  const { country, carrier } = placeOf(house, phone)
  return {
    channel,
    country,
    carrier,
    serviceId: service.id,
    kind: asker?.kind,
    sender: service.sender,
    locale,
    asker,
    costOf: (provider) => costs.worthOf({ provider, channel, country, atMs }),
  }
}

/** Country and carrier of a number that was checked when it came in. */
export function placeOf({ phoneData }: Pick<House, 'phoneData'>, phone: string) {
  const parsed = parsePhone(phone, phoneData)
  if (parsed.kind === 'mistake') return { country: '001', carrier: undefined }
  return { country: parsed.facts.country, carrier: parsed.facts.carrier }
}
