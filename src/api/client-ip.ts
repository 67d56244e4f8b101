import type { Context } from 'hono'
import { canonicalIp } from '../risk/ip.ts'
import type { ApiEnv } from './env.ts'

/**
 * Where the address of the peer is read from. A decision of the operator, never "the first header that exists":
 * a header that no proxy of ours sets is whatever the caller wants it to be.
 */
export type ClientIpPolicy = {
  readonly from: 'socket' | 'cf-connecting-ip' | 'x-forwarded-for'
  /** For `x-forwarded-for`: how many proxies of ours append to it; the entry written by the outermost of them counts. */
  readonly trustedHops: number
}

/** The peer's address in canonical form; undefined where the policy's source does not have one. */
export function clientIpOf(c: Context<ApiEnv>, policy: ClientIpPolicy): string | undefined {
  const text = rawClientIp(c, policy)
  return text === undefined ? undefined : canonicalIp(text.trim())
}

function rawClientIp(c: Context<ApiEnv>, policy: ClientIpPolicy): string | undefined {
  switch (policy.from) {
    case 'socket':
      return c.env?.incoming?.socket?.remoteAddress
    case 'cf-connecting-ip':
      return c.req.header('cf-connecting-ip')
    case 'x-forwarded-for':
      return c.req.header('x-forwarded-for')?.split(',').at(-policy.trustedHops)
  }
}
