import { Problem } from '../../../domain/problems.ts'
import type { Verification } from '../../../domain/verification.ts'
import { checkVerification } from '../../../flows/check-verification.ts'
import type { CheckResult, Resending } from '../../../flows/commands.ts'
import { resendVerification } from '../../../flows/resend-verification.ts'
import { startVerification } from '../../../flows/start-verification.ts'
import { toStartedAnswer } from '../answers/started.ts'
import { type Call, type Route, route } from '../route.ts'
import {
  checkAnswer,
  checkBody,
  resendBody,
  startBody,
  verificationAnswer,
  verificationParams,
} from '../schemas/verifications.ts'
import { silentlyBlocked, silentResendAnswer } from './silent.ts'
import { serviceOf, toClientInput, toStartCommand } from './start-command.ts'

const SEND_PROBLEMS = [
  'blocked',
  'challenge_required',
  'rate_limited',
  'budget_exhausted',
  'balance_exhausted',
  'unsupported_channel',
] as const

type Named = Pick<
  Call<{ readonly id: Verification['id'] }, unknown, unknown>,
  'house' | 'key' | 'params'
>

/** What a login flow does: ask, ask again, check. */
export const issueRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/verifications',
    operationId: 'startVerification',
    tag: 'Verifications',
    summary: 'Send a code to a phone number',
    description:
      'Answers before the message is sent. A blocked or challenged request is stored with its decision; nothing is sent and nothing is charged. A service whose `block_response` is silent answers a blocked request like a sent one.',
    scopes: ['verify'],
    body: startBody,
    idempotent: true,
    status: 201,
    answer: verificationAnswer,
    problems: ['invalid_phone', ...SEND_PROBLEMS],
    handle: async (call) => {
      const service = await serviceOf(call, call.body.service)
      const started = await startVerification(call.house, toStartCommand(service, call.body))
      return toStartedAnswer(call.house, service, started)
    },
  }),
  route({
    method: 'post',
    path: '/verifications/{id}/check',
    operationId: 'checkVerification',
    tag: 'Verifications',
    summary: 'Check the code that the person typed',
    description:
      'Every check spends an attempt first. A wrong code is an answer, not an error: look at `valid`.',
    scopes: ['verify'],
    params: verificationParams,
    body: checkBody,
    status: 200,
    answer: checkAnswer,
    problems: ['not_found'],
    handle: async (call) => {
      const { id } = call.params
      const { code, amount, payee, client } = call.body
      const { accountId } = call.key
      const command = { accountId, id, code, amount, payee, ip: client?.ip }
      const result = await checkVerification(call.house, command)
      return toCheckAnswer(call, result)
    },
  }),
  route({
    method: 'post',
    path: '/verifications/{id}/resend',
    operationId: 'resendVerification',
    tag: 'Verifications',
    summary: 'Send a new code for the same verification',
    description: 'The code before it is dead from then on. Attempts are not refilled.',
    scopes: ['verify'],
    params: verificationParams,
    body: resendBody,
    bodyOptional: true,
    idempotent: true,
    status: 201,
    answer: verificationAnswer,
    problems: ['not_found', 'verification_closed', ...SEND_PROBLEMS],
    handle: async (call) => {
      const { house, key, params, body } = call
      const resending = await resendVerification(house, {
        accountId: key.accountId,
        id: params.id,
        client: toClientInput(body.client),
        challenge: body.challenge,
      })
      return toResentAnswer(call, resending)
    },
  }),
]

async function toResentAnswer(call: Named, resending: Resending) {
  const { house, params } = call
  switch (resending.kind) {
    case 'missing':
      throw new Problem('not_found')
    case 'sends_exhausted':
      throw new Problem('verification_closed', { detail: 'All its sends are used up.' })
    case 'closed':
      if (resending.status === 'blocked') return silentResendAnswer(call, params.id)
      throw new Problem('verification_closed', { detail: `It is ${resending.status}.` })
    default: {
      const service = await serviceOf(call, resending.verification.serviceId)
      const hidden = resending.kind === 'blocked' && service.blockResponse === 'silent'
      if (hidden) return silentResendAnswer(call, params.id)
      return toStartedAnswer(house, service, resending)
    }
  }
}

async function toCheckAnswer(call: Call<unknown, unknown, unknown>, result: CheckResult) {
  switch (result.kind) {
    case 'missing':
      throw new Problem('not_found')
    case 'approved':
      return answerOf(result.verification, 'approved', true)
    case 'wrong_code':
      return {
        ...answerOf(result.verification, 'pending', false),
        status: result.attemptsLeft > 0 ? ('pending' as const) : ('max_attempts_reached' as const),
        attempts_left: result.attemptsLeft,
      }
    case 'closed': {
      const hidden = await silentlyBlocked(call, result.verification)
      return hidden ?? answerOf(result.verification, result.status, false)
    }
  }
}

const answerOf = (
  { id, attempts, attemptsMax }: Verification,
  status: 'approved' | 'pending' | Extract<CheckResult, { kind: 'closed' }>['status'],
  valid: boolean,
) => ({ id, status, valid, attempts_left: Math.max(0, attemptsMax - attempts) })
