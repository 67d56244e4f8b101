import { micros } from '../../../domain/money.ts'
import { grantPackage } from '../../../flows/grant-package.ts'
import { toPackageAnswer } from '../answers/packages.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { type Route, route } from '../route.ts'
import { grantPackageBody, packageAnswer, packagePage, packageQuery } from '../schemas/packages.ts'

/** Prepaid segments: what finance sells or gives. */
export const packageRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/packages',
    operationId: 'grantPackage',
    tag: 'Billing',
    summary: 'Give the account a package of prepaid segments',
    description:
      'Packages pay for texts before the balance does: the one that expires first, then the oldest. A reference is granted once.',
    scopes: ['admin'],
    body: grantPackageBody,
    idempotent: true,
    status: 201,
    answer: packageAnswer,
    problems: ['conflict', 'balance_exhausted'],
    handle: async ({ house, key, body }) => {
      const { valid_from: validFrom, expires_at: expiresAt } = body
      const made = await grantPackage(house, {
        accountId: key.accountId,
        market: body.market,
        kind: body.kind,
        countries: body.countries,
        segments: body.segments,
        validFromMs: validFrom === undefined ? undefined : Date.parse(validFrom),
        expiresAtMs: Date.parse(expiresAt),
        reference: body.reference,
        price: micros(body.price_micros),
      })
      return toPackageAnswer({ package: made, left: made.segments, reserved: 0 })
    },
  }),
  route({
    method: 'get',
    path: '/packages',
    operationId: 'listPackages',
    tag: 'Billing',
    summary: 'List packages and what is left of them, newest first',
    scopes: ['admin'],
    query: packageQuery,
    status: 200,
    answer: packagePage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.packages.list(key.accountId, page)
      const { items, next_cursor } = pageOf(
        found.map((each) => ({ id: each.package.id, each })),
        query.limit,
      )
      return { packages: items.map(({ each }) => toPackageAnswer(each)), next_cursor }
    },
  }),
]
