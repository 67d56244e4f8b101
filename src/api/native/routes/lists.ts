import type * as z from 'zod'
import { newId } from '../../../domain/ids.ts'
import { fieldProblem, Problem } from '../../../domain/problems.ts'
import { LIST_VALUE_SHAPES, parseListValue } from '../../../risk/list-value.ts'
import { toListEntryAnswer } from '../answers/fraud.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { type Route, route } from '../route.ts'
import {
  listEntryAnswer,
  listEntryBody,
  listEntryPage,
  listEntryParams,
  listEntryQuery,
  listParams,
} from '../schemas/fraud.ts'

/** Whom this account always lets through, and whom it never does. */
export const listRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/lists/{list}',
    operationId: 'addListEntry',
    tag: 'Lists',
    summary: 'Put somebody on a list',
    description: 'An entry for the same kind and value replaces the one before it.',
    scopes: ['admin'],
    params: listParams,
    body: listEntryBody,
    idempotent: true,
    status: 201,
    answer: listEntryAnswer,
    problems: ['not_found'],
    handle: async ({ house, key, params, body }) => {
      const nowMs = house.platform.nowMs()
      const entry = await house.lists.put({
        id: newId('LI', house.platform),
        accountId: key.accountId,
        list: params.list,
        kind: body.kind,
        value: canonicalValueOf(body),
        note: body.note,
        author: key.id,
        createdAtMs: nowMs,
        expiresAtMs: expiryOf(body, nowMs),
      })
      return toListEntryAnswer(entry)
    },
  }),
  route({
    method: 'get',
    path: '/lists/{list}',
    operationId: 'readList',
    tag: 'Lists',
    summary: 'Read a list, newest entry first',
    scopes: ['admin'],
    params: listParams,
    query: listEntryQuery,
    status: 200,
    answer: listEntryPage,
    problems: ['not_found'],
    handle: async ({ house, key, params, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.lists.list(key.accountId, params.list, page)
      const { items, next_cursor } = pageOf(found, query.limit)
      return { entries: items.map(toListEntryAnswer), next_cursor }
    },
  }),
  route({
    method: 'delete',
    path: '/lists/{list}/{id}',
    operationId: 'removeListEntry',
    tag: 'Lists',
    summary: 'Take somebody off a list',
    scopes: ['admin'],
    params: listEntryParams,
    status: 204,
    problems: ['not_found'],
    handle: async ({ house, key, params }) => {
      const removed = await house.lists.remove(key.accountId, params.list, params.id)
      if (!removed) throw new Problem('not_found')
    },
  }),
]

type Body = z.output<typeof listEntryBody>

function canonicalValueOf({ kind, value }: Body): string {
  const canonical = parseListValue(kind, value)
  if (canonical !== undefined) return canonical
  throw fieldProblem('/value', `must be ${LIST_VALUE_SHAPES[kind]}`)
}

function expiryOf({ expires_at: expiresAt }: Body, nowMs: number): number | undefined {
  if (expiresAt === undefined) return undefined
  const expiresAtMs = Date.parse(expiresAt)
  if (expiresAtMs <= nowMs) throw fieldProblem('/expires_at', 'must be in the future')
  return expiresAtMs
}
