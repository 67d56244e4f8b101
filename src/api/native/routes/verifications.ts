import type * as z from 'zod'
import type { VerificationFilter } from '../../../codes/verification-store.ts'
import { Problem } from '../../../domain/problems.ts'
import type { Verification, VerificationStatus } from '../../../domain/verification.ts'
import { cancelVerification } from '../../../flows/cancel-verification.ts'
import { explainDecision } from '../../../flows/explain-decision.ts'
import { explainSilence } from '../../../flows/explain-votes.ts'
import { toDecisionAnswer } from '../answers/decision.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { toVerificationAnswer } from '../answers/verification.ts'
import { type Call, type Route, route } from '../route.ts'
import { decisionAnswer } from '../schemas/decisions.ts'
import { phoneOfParameter } from '../schemas/texts.ts'
import {
  cancelAnswer,
  emptyBody,
  verificationAnswer,
  verificationPage,
  verificationParams,
  verificationQuery,
} from '../schemas/verifications.ts'
import { silentlyBlocked } from './silent.ts'

type Named = Pick<
  Call<{ readonly id: Verification['id'] }, unknown, unknown>,
  'house' | 'key' | 'params'
>

/** Looking at verifications, and ending them. */
export const verificationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/verifications',
    operationId: 'listVerifications',
    tag: 'Verifications',
    summary: 'List verifications, newest first',
    scopes: ['verify', 'report'],
    query: verificationQuery,
    status: 200,
    answer: verificationPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const nowMs = house.platform.nowMs()
      const found = await house.verifications.list(key.accountId, toFilter(query), {
        limit: withOneMore(query.limit),
        before: query.cursor,
        nowMs,
      })
      const { items, next_cursor } = pageOf(found, query.limit)
      const sends = await house.outbox.latestOf(items.map(({ id }) => id))
      const verifications = items.map((item) =>
        toVerificationAnswer(item, sends.get(item.id), nowMs),
      )
      return { verifications, next_cursor }
    },
  }),
  route({
    method: 'get',
    path: '/verifications/{id}',
    operationId: 'readVerification',
    tag: 'Verifications',
    summary: 'Read one verification',
    scopes: ['verify', 'report'],
    params: verificationParams,
    status: 200,
    answer: verificationAnswer,
    problems: ['not_found'],
    handle: async (call) => {
      const verification = await findOrRefuse(call)
      const sends = await call.house.outbox.latestOf([verification.id])
      const nowMs = call.house.platform.nowMs()
      return toVerificationAnswer(verification, sends.get(verification.id), nowMs)
    },
  }),
  route({
    method: 'get',
    path: '/verifications/{id}/decision',
    operationId: 'readDecision',
    tag: 'Verifications',
    summary: 'Read the whole record of its decision',
    scopes: ['verify', 'report'],
    params: verificationParams,
    status: 200,
    answer: decisionAnswer,
    problems: ['not_found'],
    handle: async (call) => {
      const verification = await findOrRefuse(call)
      const [explained, silent] = await Promise.all([
        explainDecision(call.house, verification),
        explainSilence(call.house, verification),
      ])
      return toDecisionAnswer(verification, explained, silent)
    },
  }),
  route({
    method: 'post',
    path: '/verifications/{id}/cancel',
    operationId: 'cancelVerification',
    tag: 'Verifications',
    summary: 'End a verification; its code is dead from then on',
    description:
      'For people who got in another way or gave up: their unanswered code does not count against the number, its range or the network, also where it was counted already. Call it when your server knows that, and offer it on no page that anybody can reach.',
    scopes: ['verify'],
    params: verificationParams,
    body: emptyBody,
    bodyOptional: true,
    status: 200,
    answer: cancelAnswer,
    problems: ['not_found', 'verification_closed'],
    handle: async (call) => {
      const { house, key, params } = call
      const canceling = await cancelVerification(house, { accountId: key.accountId, id: params.id })
      if (canceling.kind === 'missing') throw new Problem('not_found')
      if (canceling.kind === 'closed' && !(await mayPass(call, canceling.status))) {
        throw new Problem('verification_closed', { detail: `It is ${canceling.status}.` })
      }
      return { id: params.id, status: 'canceled' as const }
    },
  }),
]

async function findOrRefuse({ house, key, params }: Named): Promise<Verification> {
  const found = await house.verifications.find({ accountId: key.accountId, id: params.id })
  if (found === undefined) throw new Problem('not_found')
  return found
}

/** A repeat changes nothing, and somebody who was told that a code is on its way may cancel it, also when it was not. */
async function mayPass(call: Named, status: VerificationStatus): Promise<boolean> {
  if (status === 'canceled') return true
  if (status !== 'blocked') return false
  return (await silentlyBlocked(call, await findOrRefuse(call)))?.status === 'pending'
}

function toFilter(query: z.output<typeof verificationQuery>): VerificationFilter {
  const phone = query.to === undefined ? undefined : phoneOfParameter(query.to)
  return {
    ...(phone === undefined ? {} : { phone }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
    ...(query.service === undefined ? {} : { serviceId: query.service }),
    ...(query.from === undefined ? {} : { fromMs: Date.parse(query.from) }),
    ...(query.to_time === undefined ? {} : { toMs: Date.parse(query.to_time) }),
  }
}
