import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type FieldError, PROBLEMS, Problem, type ProblemCode } from '../domain/problems.ts'
import type { ApiEnv, LoggedProblem } from './env.ts'

export const PROBLEM_TYPE = 'application/problem+json'

/** The field that is at fault whenever a flow says one of these without naming one. */
const FIELD_OF: Partial<Record<ProblemCode, string>> = {
  invalid_phone: '/to',
  unsupported_channel: '/channel',
}

/** Everything thrown ends here. Only a Problem speaks to the caller; the rest is `internal`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException && error.status === 400) return new Problem('invalid_request')
  return new Problem('internal', { internal: error })
}

/** The RFC 9457 body of a problem, as the native door speaks it. */
export function problemBody(problem: Problem, requestId: string): string {
  const { status, title } = PROBLEMS[problem.code]
  const { detail, members } = problem.about
  const errors = fieldErrorsOf(problem)
  return JSON.stringify({
    type: `urn:tollgate:problem:${problem.code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: `urn:tollgate:request:${requestId}`,
    code: problem.code,
    ...(errors === undefined ? {} : { errors }),
    ...members,
  })
}

export function problemResponse(problem: Problem, c: Context<ApiEnv>): Response {
  const { retryAfterSeconds } = problem.about
  if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds))
  c.set('problem', toLogged(problem))
  return c.body(problemBody(problem, c.var.requestId), PROBLEMS[problem.code].status, {
    'content-type': PROBLEM_TYPE,
  })
}

/** For the log: names, and the place of an exception in our code. Messages may hold numbers and never get there. */
export function toLogged(problem: Problem): LoggedProblem {
  const { internal } = problem.about
  if (!(internal instanceof Error))
    return { code: problem.code, cause: undefined, where: undefined }
  return { code: problem.code, cause: internal.name, where: placeOf(internal) }
}

/** The innermost stack frame, without the directories above the file. */
function placeOf(error: Error): string | undefined {
  const frame = error.stack?.split('\n').find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
  return frame === undefined ? undefined : /([^/\\(\s]+:\d+:\d+)\)?$/.exec(frame)?.[1]
}

function fieldErrorsOf({ code, about }: Problem): readonly FieldError[] | undefined {
  const pointer = FIELD_OF[code]
  if (about.errors !== undefined || pointer === undefined) return about.errors
  return [{ pointer, detail: about.detail ?? PROBLEMS[code].title }]
}
