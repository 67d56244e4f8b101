import { addressOf, formatIp, netOf, parseIp } from '../domain/ip.ts'
import type { ClientInput, NetworkData, NetworkFacts } from './signals.ts'

const NOWHERE: NetworkFacts = {
  ip: undefined,
  address: undefined,
  net: undefined,
  country: undefined,
  asn: undefined,
  hosting: undefined,
  vpn: undefined,
  tor: undefined,
}

/** What an edge or caller says of the network is nearer to the truth than our data, so it comes first, member by member. */
export function networkFacts(
  client: Pick<ClientInput, 'ip' | 'network'>,
  data: NetworkData,
): NetworkFacts {
  const told = { country: upper(client.network?.country), asn: client.network?.asn }
  const ip = client.ip === undefined ? undefined : parseIp(client.ip)
  if (ip === undefined) return { ...NOWHERE, ...told, ...data.kindOf('', told.asn) }
  const text = formatIp(ip)
  const isTold = told.country !== undefined && told.asn !== undefined
  const found = isTold ? told : data.locate(text)
  const asn = told.asn ?? found.asn
  const { hosting, vpn, tor } = data.kindOf(text, asn)
  return {
    ip: text,
    address: addressOf(ip),
    net: netOf(ip),
    country: told.country ?? found.country,
    asn,
    hosting,
    vpn,
    tor,
  }
}

const upper = (country: string | undefined): string | undefined => country?.toUpperCase()
