import { Problem } from '../../../domain/problems.ts'
import { liftBlock } from '../../../flows/gate-ranges.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { toRangeBlockAnswer } from '../answers/range-blocks.ts'
import { type Route, route } from '../route.ts'
import { rangeBlockPage, rangeBlockParams, rangeBlockQuery } from '../schemas/range-blocks.ts'

/** Ranges of numbers that closed by themselves, and how to open one. */
export const rangeBlockRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/range-blocks',
    operationId: 'listRangeBlocks',
    tag: 'Fraud',
    summary: 'List the ranges that are closed, newest first',
    description:
      'A range closes when it takes far more than ever and its codes come to nothing; every repeat doubles the time. It opens again by itself when requests that pass a challenge verify. Numbers that verified before are not held up.',
    scopes: ['report'],
    query: rangeBlockQuery,
    status: 200,
    answer: rangeBlockPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.rangeBlocks.list(key.accountId, page)
      const { items, next_cursor } = pageOf(found, query.limit)
      return { range_blocks: items.map(toRangeBlockAnswer), next_cursor }
    },
  }),
  route({
    method: 'delete',
    path: '/range-blocks/{id}',
    operationId: 'liftRangeBlock',
    tag: 'Fraud',
    summary: 'Open a closed range now',
    description:
      'What spoke against it is forgotten; it closes again only by what happens from now on.',
    scopes: ['admin'],
    params: rangeBlockParams,
    status: 204,
    problems: ['not_found'],
    handle: async ({ house, key, params }) => {
      const lifted = await liftBlock(house, { accountId: key.accountId, id: params.id })
      if (lifted === undefined) throw new Problem('not_found')
    },
  }),
]
