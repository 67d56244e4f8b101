import { cidrContains, type Ip, isPublicIp, parseCidr, parseIp } from '../domain/ip.ts'

/** public: https to public addresses only. any: also http and addresses of this network, for tests and development. */
export const TARGET_POLICIES = ['public', 'any'] as const
export type TargetPolicy = (typeof TARGET_POLICIES)[number]

const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/
const HTTPS_PORT = 443
/** Below it are the ports of services that only an administrator can offer. */
const FIRST_FREE_PORT = 1024

/** What is wrong with a URL as a webhook's target; undefined when nothing is. A name is judged as written, not resolved. */
export function targetMistake(text: string, policy: TargetPolicy): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return 'must be a URL'
  if (url.username !== '' || url.password !== '') return 'must not hold credentials'
  if (policy === 'any') return /^https?:$/.test(url.protocol) ? undefined : 'must be http or https'
  if (url.protocol !== 'https:') return 'must be https'
  const port = url.port === '' ? HTTPS_PORT : Number(url.port)
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT) return 'must have port 443, or one above 1023'
  return hostMistake(url.hostname)
}

function hostMistake(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const ip = parseIp(host)
  if (ip !== undefined) return isPublicTarget(ip) ? undefined : 'must not be a private address'
  if (!host.includes('.') || LOCAL_NAMES.test(host)) return 'must be a public host name'
  return undefined
}

/** Whether a resolved address may be connected to. An address that cannot be read may not. */
export function isAllowedAddress(address: string, policy: TargetPolicy): boolean {
  if (policy === 'any') return true
  const ip = parseIp(address)
  return ip !== undefined && isPublicTarget(ip)
}

const networks = (...texts: readonly string[]) => texts.flatMap((text) => parseCidr(text) ?? [])
const within = (ip: Ip, cidrs: ReturnType<typeof networks>): boolean =>
  cidrs.some((cidr) => cidrContains(cidr, ip))

/** Azure answers its machines here with their secrets, from an address that looks public. */
const METADATA = networks('168.63.129.16/32')
const GLOBAL_UNICAST = networks('2000::/3')
/** Protocol assignments with Teredo, and 6to4: an IPv4 address may hide in them, and nobody receives there. */
const TUNNELS = networks('2001::/23', '2002::/16')
/** Where NAT64 puts the IPv4 address in the last word (RFC 6052). */
const NAT64 = networks('64:ff9b::/96')

/** Stricter than `isPublicIp`: what leads to another address is judged by that one, or refused. */
function isPublicTarget(ip: Ip): boolean {
  if (ip.version === 4) return isPublicIp(ip) && !within(ip, METADATA)
  if (within(ip, NAT64)) return isPublicTarget({ version: 4, words: [0, 0, 0xffff, ip.words[3]] })
  return within(ip, GLOBAL_UNICAST) && !within(ip, TUNNELS) && isPublicIp(ip)
}
