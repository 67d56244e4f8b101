import { formatCidr, parseCidr } from '../../../domain/ip.ts'
import { Problem } from '../../../domain/problems.ts'
import { mintKey } from '../../../tenancy/secrets.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { toKeyAnswer } from '../answers/tenancy.ts'
import { type Route, route } from '../route.ts'
import {
  createdKeyAnswer,
  createKeyBody,
  keyPage,
  keyParams,
  keyQuery,
} from '../schemas/tenancy.ts'

/** Who may speak for the account. */
export const keyRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/keys',
    operationId: 'createKey',
    tag: 'Keys',
    summary: 'Make a key; its secret is shown this once',
    scopes: ['admin'],
    body: createKeyBody,
    idempotent: true,
    status: 201,
    answer: createdKeyAnswer,
    problems: [],
    handle: async ({ house, key: creator, body }) => {
      const mint = { ids: house.platform, vault: house.vault }
      const { key, secret, secretHash } = mintKey(mint, {
        accountId: creator.accountId,
        name: body.name,
        scopes: body.scopes,
        allowedIps: body.allowed_ips?.map(canonicalNet),
      })
      await house.tenancy.createKey({ key, secretHash })
      return { ...toKeyAnswer(key), secret }
    },
  }),
  route({
    method: 'get',
    path: '/keys',
    operationId: 'listKeys',
    tag: 'Keys',
    summary: 'List the keys of the account, newest first, revoked ones included',
    scopes: ['admin'],
    query: keyQuery,
    status: 200,
    answer: keyPage,
    problems: [],
    handle: async ({ house, key, query: { limit, cursor } }) => {
      const page = { limit: withOneMore(limit), before: cursor }
      const found = await house.tenancy.keys(key.accountId, page)
      const { items, next_cursor } = pageOf(found, limit)
      return { keys: items.map(toKeyAnswer), next_cursor }
    },
  }),
  route({
    method: 'delete',
    path: '/keys/{id}',
    operationId: 'revokeKey',
    tag: 'Keys',
    summary: 'Revoke a key',
    description: 'A key cannot revoke itself: somebody must be left who can make another.',
    scopes: ['admin'],
    params: keyParams,
    status: 204,
    problems: ['not_found', 'conflict'],
    handle: async ({ house, services, key, params }) => {
      if (params.id === key.id) {
        throw new Problem('conflict', { detail: 'A key cannot revoke itself.' })
      }
      const nowMs = house.platform.nowMs()
      const revoked = await services.keys.revoke(key.accountId, params.id, nowMs)
      if (!revoked) throw new Problem('not_found')
    },
  }),
]

/** A single address is a network of one. */
function canonicalNet(text: string): string {
  const cidr = parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)
  return cidr === undefined ? text : formatCidr(cidr)
}
