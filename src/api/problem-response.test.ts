import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { Problem } from '../domain/problems.ts'
import { problemBody, toLogged, toProblem } from './problem-response.ts'

const bodyOf = (problem: Problem) => JSON.parse(problemBody(problem, 'RQ1'))

test('a problem is an RFC 9457 body with its code and the members it brings', () => {
  const problem = new Problem('blocked', { members: { decision: { outcome: 'block' } } })
  expect(bodyOf(problem)).toEqual({
    type: 'urn:tollgate:problem:blocked',
    title: 'This request was refused by policy.',
    status: 403,
    instance: 'urn:tollgate:request:RQ1',
    code: 'blocked',
    decision: { outcome: 'block' },
  })
})

test('a flow that names no field still has its field named', () => {
  expect(bodyOf(new Problem('invalid_phone')).errors).toEqual([
    { pointer: '/to', detail: 'The phone number is not a possible E.164 number.' },
  ])
})

test('whatever is thrown and is no problem of the caller is internal, and its message stays unsaid', () => {
  const thrown = toProblem(new TypeError('params: +447400123456'))
  expect(thrown.code).toBe('internal')
  expect(problemBody(thrown, 'RQ1')).not.toContain('447400')
  const logged = toLogged(thrown)
  expect(logged).toMatchObject({ code: 'internal', cause: 'TypeError' })
  expect(JSON.stringify(logged)).not.toContain('447400')
  expect(logged.where).toMatch(/^problem-response\.test\.ts:\d+:\d+$/)
})

test('things that are no errors are internal too', () => {
  for (const thrown of ['text', undefined, 17, { message: 'x' }]) {
    expect(toLogged(toProblem(thrown))).toEqual({
      code: 'internal',
      cause: undefined,
      where: undefined,
    })
  }
})

test("the framework's own bad request is a bad request", () => {
  expect(toProblem(new HTTPException(400)).code).toBe('invalid_request')
  expect(toProblem(new HTTPException(418)).code).toBe('internal')
})
