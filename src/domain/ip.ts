type Words = readonly [number, number, number, number]

/**
 * An address as four unsigned 32-bit words, most significant first. A v4 address sits where its v4-mapped v6 form
 * would (`::ffff:a.b.c.d`), so both families share one arithmetic and differ by `version` alone.
 */
export type Ip = { readonly version: 4 | 6; readonly words: Words }

/** `bits` counts from the top of the 128, so a v4 /24 has 120. Host bits of `words` are zero. */
export type Cidr = Ip & { readonly bits: number }

const MAPPED = 0xffff
const V4_OFFSET = 96
const LONGEST_TEXT = 45

/**
 * Reads one v4 or v6 address; v4-mapped v6 becomes v4. Undefined for anything else: zone ids, leading zeros in v4 (which
 * others read as octal), short forms such as `127.1`, spaces.
 */
export function parseIp(text: string): Ip | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  if (!text.includes(':')) {
    const address = readV4(text)
    return address < 0 ? undefined : { version: 4, words: [0, 0, MAPPED, address] }
  }
  const groups = readV6(text)
  return groups === undefined ? undefined : fromGroups(groups)
}

/** `parseIp` and back: the one text form of an address. */
export function canonicalIp(text: string): string | undefined {
  const ip = parseIp(text)
  return ip === undefined ? undefined : formatIp(ip)
}

/** The unsigned 32-bit value, or -1. */
function readV4(text: string): number {
  let address = 0
  let octets = 0
  let at = 0
  while (octets < 4) {
    const end = at + digitsAt(text, at)
    const leadingZero = end > at + 1 && text.charCodeAt(at) === 48
    if (end === at || leadingZero) return -1
    const octet = Number(text.slice(at, end))
    if (octet > 255) return -1
    address = address * 256 + octet
    octets += 1
    at = end
    if (octets < 4 && text.charCodeAt(at++) !== 46) return -1
  }
  return at === text.length ? address : -1
}

/** How many decimal digits start at `at`, three at most. */
function digitsAt(text: string, at: number): number {
  let count = 0
  while (count < 3) {
    const code = text.charCodeAt(at + count)
    if (!(code >= 48 && code <= 57)) break
    count += 1
  }
  return count
}

/** Eight 16-bit groups, or undefined. */
function readV6(text: string): readonly number[] | undefined {
  const gap = text.indexOf('::')
  if (gap < 0) {
    const groups = readGroups(text, true)
    return groups?.length === 8 ? groups : undefined
  }
  if (text.indexOf('::', gap + 1) >= 0) return undefined
  const head = gap === 0 ? [] : readGroups(text.slice(0, gap), false)
  const tail = gap + 2 === text.length ? [] : readGroups(text.slice(gap + 2), true)
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined
  while (head.length + tail.length < 8) head.push(0)
  for (const group of tail) head.push(group)
  return head
}

/** Groups between single colons; the last may be a dotted v4 where `dotted` allows it. */
function readGroups(text: string, dotted: boolean): number[] | undefined {
  const groups: number[] = []
  let at = 0
  while (at <= text.length) {
    const colon = text.indexOf(':', at)
    const end = colon < 0 ? text.length : colon
    const isLast = colon < 0
    if (isLast && dotted && text.includes('.', at)) {
      const address = readV4(text.slice(at))
      if (address < 0) return undefined
      groups.push(address >>> 16, address & 0xffff)
      return groups
    }
    const group = readGroup(text, at, end)
    if (group < 0) return undefined
    groups.push(group)
    at = end + 1
  }
  return groups
}

/** One to four hex digits, or -1. */
function readGroup(text: string, from: number, to: number): number {
  if (to === from || to > from + 4) return -1
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function fromGroups(groups: readonly number[]): Ip {
  const word = (index: number): number =>
    (groups[index * 2] ?? 0) * 65_536 + (groups[index * 2 + 1] ?? 0)
  const words: Words = [word(0), word(1), word(2), word(3)]
  return { version: isMapped(words) ? 4 : 6, words }
}

const isMapped = (words: Words): boolean => words[0] === 0 && words[1] === 0 && words[2] === MAPPED

/** Dotted v4, or v6 as RFC 5952 writes it: lower case, the first longest run of zero groups folded. */
export function formatIp(ip: Ip): string {
  return ip.version === 4 ? formatV4(ip.words[3]) : formatV6(ip.words)
}

const formatV4 = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

function formatV6(words: Words): string {
  const groups: number[] = []
  for (const word of words) groups.push(word >>> 16, word & 0xffff)
  const fold = longestZeroRun(groups)
  if (fold.length < 2) return joinGroups(groups, 0, 8)
  return `${joinGroups(groups, 0, fold.at)}::${joinGroups(groups, fold.at + fold.length, 8)}`
}

function joinGroups(groups: readonly number[], from: number, to: number): string {
  let text = ''
  for (let index = from; index < to; index += 1) {
    text += (index > from ? ':' : '') + (groups[index] ?? 0).toString(16)
  }
  return text
}

function longestZeroRun(groups: readonly number[]): { at: number; length: number } {
  const best = { at: 0, length: 0 }
  let length = 0
  for (let index = 0; index < groups.length; index += 1) {
    length = groups[index] === 0 ? length + 1 : 0
    if (length > best.length) {
      best.at = index - length + 1
      best.length = length
    }
  }
  return best
}

/** Keeps the top `bits` of 128. */
export function maskWords(words: Words, bits: number): Words {
  return [
    mask(words[0], bits),
    mask(words[1], bits - 32),
    mask(words[2], bits - 64),
    mask(words[3], bits - 96),
  ]
}

function mask(word: number, bits: number): number {
  if (bits >= 32) return word
  return bits <= 0 ? 0 : (word & (0xffff_ffff << (32 - bits))) >>> 0
}

/** Whom a person shares an address with at most: a v4 address as is, a v6 /64, the smallest net that is handed out. */
export const addressOf = (ip: Ip): string =>
  ip.version === 4 ? formatIp(ip) : formatCidr(cidrOf(ip, 64))

/** The neighbourhood: v4 /24, v6 /48. */
export const netOf = (ip: Ip): string => formatCidr(netCidrOf(ip))

/** Whether two addresses are in one neighbourhood. */
export const isSameNet = (one: Ip, other: Ip): boolean => cidrContains(netCidrOf(one), other)

const netCidrOf = (ip: Ip): Cidr => cidrOf(ip, ip.version === 4 ? 24 : 48)

/** The network of `length` bits (as written after the slash) that holds the address. */
export function cidrOf(ip: Ip, length: number): Cidr {
  const bits = ip.version === 4 ? length + V4_OFFSET : length
  return { version: ip.version, words: maskWords(ip.words, bits), bits }
}

/** Reads `address/length`; host bits are cut off. Undefined where either part is not what it should be. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const length = text.slice(slash + 1)
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined
  const written = text.slice(0, slash)
  const ip = parseIp(written)
  if (ip === undefined) return undefined
  // A v4 network written in its mapped form counts its bits from the top of the 128.
  const offset = ip.version === 4 && written.includes(':') ? V4_OFFSET : 0
  const bits = Number(length) - offset
  if (bits < 0 || bits > (ip.version === 4 ? 32 : 128)) return undefined
  return cidrOf(ip, bits)
}

export const formatCidr = (cidr: Cidr): string =>
  `${formatIp(cidr)}/${cidr.version === 4 ? cidr.bits - V4_OFFSET : cidr.bits}`

/** Families never match each other: `::/0` holds no v4 address. */
export function cidrContains(cidr: Cidr, ip: Ip): boolean {
  if (cidr.version !== ip.version) return false
  const masked = maskWords(ip.words, cidr.bits)
  return masked.every((word, index) => word === cidr.words[index])
}

/** From IANA's special-purpose registries (RFC 6890 and successors), and multicast: nobody's public address. */
const NOT_PUBLIC: readonly Cidr[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:2::/48',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
].flatMap((text) => parseCidr(text) ?? [])

/** False for private, local, documentation, multicast and reserved addresses. */
export const isPublicIp = (ip: Ip): boolean => !NOT_PUBLIC.some((cidr) => cidrContains(cidr, ip))
