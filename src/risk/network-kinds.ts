import { type Cidr, type Ip, parseIp } from '../domain/ip.ts'
import { type CidrSet, cidrSet } from './cidr-set.ts'
import type { NetworkIndex } from './network-index.ts'
import type { NetworkData } from './signals.ts'

export const NETWORK_KINDS = ['hosting', 'vpn', 'tor'] as const
export type NetworkKind = (typeof NETWORK_KINDS)[number]

/** Autonomous systems and networks of one kind, as the operator's lists name them. */
export type NetworkList = { readonly asns: readonly number[]; readonly cidrs: readonly Cidr[] }
export type NetworkLists = Readonly<Partial<Record<NetworkKind, NetworkList>>>

type Compiled = { readonly asns: ReadonlySet<number>; readonly cidrs: CidrSet }

/**
 * Look-ups of networks: countries and ASNs from `index`, where its data file is at hand, and kinds from `lists`, which work for an
 * ASN that the edge told us as well.
 */
export function networkData(lists: NetworkLists, index?: NetworkIndex): NetworkData {
  const compiled = {
    hosting: compile(lists.hosting),
    vpn: compile(lists.vpn),
    tor: compile(lists.tor),
  }
  return {
    locate: (text) => {
      const ip = parseIp(text)
      return ip === undefined || index === undefined
        ? { country: undefined, asn: undefined }
        : { country: index.countryOf(ip), asn: index.asnOf(ip) }
    },
    kindOf: (text, asn) => {
      const ip = parseIp(text)
      return {
        hosting: isListed(compiled.hosting, ip, asn),
        vpn: isListed(compiled.vpn, ip, asn),
        tor: isListed(compiled.tor, ip, asn) || isNone(compiled.tor, ip),
      }
    },
  }
}

function compile(list: NetworkList | undefined): Compiled {
  const cidrs = cidrSet()
  for (const cidr of list?.cidrs ?? []) cidrs.add(cidr, Number.POSITIVE_INFINITY)
  return { asns: new Set(list?.asns ?? []), cidrs }
}

/** An unlisted address of an unknown network is neither yes nor no. */
function isListed(
  list: Compiled,
  ip: Ip | undefined,
  asn: number | undefined,
): boolean | undefined {
  const byAddress = ip !== undefined && list.cidrs.has(ip, 0)
  if (byAddress || (asn !== undefined && list.asns.has(asn))) return true
  return asn === undefined ? undefined : false
}

/** Tor's exits are addresses, so only a list of addresses can say that an address is none of them. */
const isNone = (list: Compiled, ip: Ip | undefined): false | undefined =>
  ip !== undefined && list.cidrs.size() > 0 ? false : undefined
