import { countryOf, type Provider, parseProvider } from './countries.ts'
import type { Dice } from './dice.ts'

/** An address with what an edge runtime says of it. */
export type Address = {
  readonly ip: string
  readonly network: { readonly country: string; readonly asn: number }
}

/** Whose networks people and machines are on in a world. */
export type NetworkMix = {
  /** Share of home lines that show an IPv6 address, where the provider has them. */
  readonly ipv6: number
  /** Data centres that rent machines by the hour. */
  readonly hosting: readonly Provider[]
  /** Exits of VPN services. */
  readonly vpn: readonly Provider[]
  /** VPN exits are shared: so many addresses of each service are in use. */
  readonly exits: number
  /** Egress of the relay that a phone maker runs; the address says where its user is. */
  readonly relay: readonly Provider[]
  /** Addresses that a mobile carrier puts its handsets behind. */
  readonly gateways: number
}

export const USUAL_NETWORKS: NetworkMix = {
  ipv6: 0.25,
  hosting: [
    parseProvider('16509/3.96.0.0/14', 'US'),
    parseProvider('14061/45.55.0.0/16', 'US'),
    parseProvider('14061/139.59.0.0/16', 'SG'),
    parseProvider('24940/2.28.0.0/15', 'DE'),
    parseProvider('16276/54.36.0.0/14', 'FR'),
    parseProvider('63949/139.162.0.0/16', 'NL'),
    parseProvider('20473/45.76.0.0/15', 'US'),
    parseProvider('51167/161.97.64.0/18', 'DE'),
    parseProvider('132203/43.159.128.0/17', 'SG'),
  ],
  vpn: [
    parseProvider('9009/38.132.96.0/20', 'US'),
    parseProvider('9009/146.70.8.0/21', 'RO'),
    parseProvider('212238/149.102.224.0/20', 'US'),
    parseProvider('60068/79.127.190.0/20', 'GB'),
    parseProvider('136787/85.115.96.0/20', 'LV'),
    parseProvider('36183/172.225.206.0/20', 'US'),
  ],
  exits: 120,
  relay: [
    parseProvider('36183/172.225.80.0/20', 'US'),
    parseProvider('13335/104.28.32.0/19', 'US'),
  ],
  gateways: 8,
}

/** Somebody's home or mobile line in the country; some are IPv6. */
export function homeAddress(dice: Dice, country: string, mix = USUAL_NETWORKS): Address {
  const provider = dice.pick(countryOf(country).providers)
  return provider.ipv6 !== undefined && dice.chance(mix.ipv6)
    ? { ip: ipv6In(dice, provider.ipv6), network: networkOf(provider) }
    : addressIn(dice, provider)
}

/** One of the few addresses that a mobile carrier puts thousands of handsets behind. */
export function carrierGradeAddress(dice: Dice, country: string, mix: NetworkMix): Address {
  const provider = countryOf(country).providers[0] as Provider
  const ip = ipv4(provider.firstIp + 65_536 + dice.below(mix.gateways))
  return dice.chance(0.98) ? { ip, network: networkOf(provider) } : homeAddress(dice, country, mix)
}

/** The relay shares few addresses among many, and keeps the country of each user. */
export function relayAddress(dice: Dice, country: string, mix: NetworkMix): Address {
  const { asn, firstIp } = dice.pick(mix.relay)
  return { ip: ipv4(firstIp + dice.below(400)), network: { country, asn } }
}

export function hostingAddress(dice: Dice, mix = USUAL_NETWORKS): Address {
  return addressIn(dice, dice.pick(mix.hosting))
}

export function vpnAddress(dice: Dice, mix = USUAL_NETWORKS): Address {
  const provider = dice.pick(mix.vpn)
  return { ip: ipv4(provider.firstIp + 7 * dice.below(mix.exits)), network: networkOf(provider) }
}

/** The same device on its provider's line, some days later: another host of the same /16. */
export function neighbourOf(dice: Dice, address: Address): Address {
  const parts = address.ip.split('.')
  if (parts.length !== 4) return address
  const [first, second] = parts
  return { ...address, ip: `${first}.${second}.${dice.below(256)}.${1 + dice.below(254)}` }
}

function addressIn(dice: Dice, provider: Provider): Address {
  return {
    ip: ipv4(provider.firstIp + dice.below(provider.addresses)),
    network: networkOf(provider),
  }
}

function networkOf({ country, asn }: Provider): Address['network'] {
  return { country, asn }
}

function ipv4(value: number): string {
  const high = Math.floor(value / 65_536)
  return `${high >> 8}.${high & 255}.${(value >> 8) & 255}.${value & 255}`
}

/** A /64 in the provider's /32 with a random host part, in canonical form: no group is zero. */
function ipv6In(dice: Dice, prefix: string): string {
  const group = () => (1 + dice.below(65_535)).toString(16)
  return `${prefix}:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`
}
