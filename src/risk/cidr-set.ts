import { type Cidr, type Ip, maskWords } from '../domain/ip.ts'

/** Networks with the time until which each holds. Looks into one hash map per prefix length that is present. */
export type CidrSet = {
  readonly add: (cidr: Cidr, untilMs: number) => void
  readonly has: (ip: Ip, atMs: number) => boolean
  readonly size: () => number
}

type Bucket = { readonly bits: number; readonly untilByKey: Map<number | string, number> }

export function cidrSet(): CidrSet {
  const buckets: Record<4 | 6, Bucket[]> = { 4: [], 6: [] }
  return {
    add: (cidr, untilMs) => {
      const bucket = bucketFor(buckets[cidr.version], cidr.bits)
      const key = keyOf(cidr, cidr.bits)
      bucket.untilByKey.set(key, Math.max(untilMs, bucket.untilByKey.get(key) ?? 0))
    },
    has: (ip, atMs) =>
      buckets[ip.version].some(
        (bucket) => (bucket.untilByKey.get(keyOf(ip, bucket.bits)) ?? 0) > atMs,
      ),
    size: () =>
      [...buckets[4], ...buckets[6]].reduce((sum, bucket) => sum + bucket.untilByKey.size, 0),
  }
}

function bucketFor(buckets: Bucket[], bits: number): Bucket {
  const found = buckets.find((bucket) => bucket.bits === bits)
  if (found !== undefined) return found
  const made: Bucket = { bits, untilByKey: new Map() }
  buckets.push(made)
  return made
}

/** v4 fits a number; v6 needs a text, of as many words as the prefix reaches into. */
function keyOf(ip: Ip, bits: number): number | string {
  const masked = maskWords(ip.words, bits)
  if (ip.version === 4) return masked[3]
  if (bits <= 32) return masked[0]
  if (bits <= 64) return `${masked[0]}:${masked[1]}`
  return masked.join(':')
}
