import type { Channel } from '../domain/channel.ts'
import type { AccountId, ServiceId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import { type ListMatcher, matchLists } from './list-matcher.ts'
import { networkFacts } from './network-facts.ts'
import type { ClientFacts, ClientInput, NetworkData, PhoneFacts, Signals } from './signals.ts'

export type SignalsInput = {
  readonly atMs: number
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly phone: PhoneFacts
  readonly client: ClientInput
  /** What one send to this number costs the tenant. */
  readonly price: Micros
}

export type SignalsDeps = {
  readonly network: NetworkData
  readonly readClient: (client: ClientInput) => ClientFacts
  /** The operator's and the account's. */
  readonly lists: readonly ListMatcher[]
}

/** Everything that can be said of one request without asking what happened before it. */
export function gatherSignals(input: SignalsInput, deps: SignalsDeps): Signals {
  const { client, phone } = input
  const network = networkFacts(client, deps.network)
  const deviceId = client.deviceId === '' ? undefined : client.deviceId
  return {
    atMs: input.atMs,
    accountId: input.accountId,
    serviceId: input.serviceId,
    channel: input.channel,
    purpose: input.purpose,
    phone,
    network,
    client: deps.readClient(client),
    deviceId,
    sessionAgeMs: client.sessionAgeMs,
    price: input.price,
    lists: matchLists(deps.lists, {
      atMs: input.atMs,
      phone: phone.phone,
      country: phone.country,
      ip: network.ip,
      asn: network.asn,
      deviceId,
    }),
  }
}
