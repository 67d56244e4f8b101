import type { SubjectKind, Subjects } from '../domain/subjects.ts'
import type { Signals } from './signals.ts'

/**
 * Whom this request is counted against. Everything but `phone_any` counts inside one account, so those keys start with its id.
 * Keys of people and their machines go through `hash`; ranges, carriers, countries and networks stay readable. At most five
 * calls of `hash`: `phone` and `phone_any` share one. Every kind is written down, in the order of SUBJECT_KINDS, so that all
 * requests have one shape.
 */
export function subjectsOf(
  signals: Pick<Signals, 'accountId' | 'phone' | 'network' | 'client' | 'deviceId'>,
  hash: (text: string) => string,
): Subjects {
  const { accountId, network, client, deviceId } = signals
  const { phone, country, carrier } = signals.phone
  // Made once: each key that it begins is then one text put together, not two.
  const own = `${accountId}:`
  const personal = (kind: SubjectKind, value: string | undefined): string | undefined =>
    value === undefined ? undefined : own + hash(`${kind}:${value}`)
  const clear = (value: string | number | undefined): string | undefined =>
    value === undefined ? undefined : `${own}${value}`
  const phoneHash = hash(`phone:${phone}`)
  return {
    phone: own + phoneHash,
    phone_any: phoneHash,
    ip: personal('ip', network.address),
    net: personal('net', network.net),
    device: personal('device', deviceId),
    client: personal('client', client.signature),
    range2: clear(phone.slice(0, -2)),
    range3: clear(phone.slice(0, -3)),
    range4: clear(phone.slice(0, -4)),
    // Carriers of one name in two countries are two companies.
    carrier: clear(carrier === undefined ? undefined : `${country}:${carrier}`),
    country: clear(country),
    asn: clear(network.asn),
    account: accountId,
  }
}
