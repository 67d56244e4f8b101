import { createMiddleware } from 'hono/factory'
import { auth } from 'hono/utils/basic-auth'
import { cidrContains, type Ip, parseCidr, parseIp } from '../domain/ip.ts'
import { Problem } from '../domain/problems.ts'
import type { Key } from '../tenancy/tenancy.ts'
import type { ApiEnv } from './env.ts'

/**
 * Opens a door to HTTP Basic credentials, key id and secret. Each door locks itself, so that a refusal is spoken in
 * the dialect of that door. Throws `unauthenticated`, or `forbidden` for a key used from an address it is not meant for.
 */
export const basicKey = createMiddleware<ApiEnv>(async (c, next) => {
  const { house, keys } = c.var.services
  const given = auth(c.req.raw)
  const nowMs = house.platform.nowMs()
  const key = given && (await keys.authenticate(given.username, given.password, nowMs))
  if (key === undefined) throw new Problem('unauthenticated')
  if (!mayComeFrom(key, c.var.clientIp)) {
    throw new Problem('forbidden', { detail: 'This key may not be used from this address.' })
  }
  c.set('key', key)
  await next()
})

/** A key that is bound to addresses is of no use where the peer's address is unknown. */
function mayComeFrom(key: Key, clientIp: string | undefined): boolean {
  if (key.allowedIps === undefined) return true
  const ip = clientIp === undefined ? undefined : parseIp(clientIp)
  return ip !== undefined && key.allowedIps.some((net) => holds(net, ip))
}

function holds(net: string, ip: Ip): boolean {
  const cidr = parseCidr(net)
  return cidr !== undefined && cidrContains(cidr, ip)
}
