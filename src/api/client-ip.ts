import { canonicalIp } from '../domain/ip.ts'

/**
 * Where the address of the peer is read from. A decision of the operator, never "the first header that exists":
 * a header that no proxy of ours sets is whatever the caller wants it to be.
 */
export type ClientIpPolicy = {
  readonly from: 'socket' | 'cf-connecting-ip' | 'x-forwarded-for'
  /** For `x-forwarded-for`: how many proxies of ours append to it; the entry written by the outermost of them counts. */
  readonly trustedHops: number
}

/** What a request says of where it comes from. */
export type Origin = {
  readonly headers: Headers
  /** Of the connection itself; undefined on runtimes that do not show it. */
  readonly socketAddress: string | undefined
}

/** The peer's address in canonical form; undefined where the policy's source does not have one. */
export function clientIpOf(origin: Origin, policy: ClientIpPolicy): string | undefined {
  const text = rawClientIp(origin, policy)
  return text === undefined ? undefined : canonicalIp(text.trim())
}

function rawClientIp(
  { headers, socketAddress }: Origin,
  { from, trustedHops }: ClientIpPolicy,
): string | undefined {
  if (from === 'socket') return socketAddress
  const text = headers.get(from) ?? undefined
  return from === 'x-forwarded-for' ? text?.split(',').at(-trustedHops) : text
}
