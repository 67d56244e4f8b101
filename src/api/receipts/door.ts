import { type Context, Hono } from 'hono'
import { Problem } from '../../domain/problems.ts'
import { type CallbackAnswer, recordReceipts } from '../../flows/record-receipts.ts'
import { readBytes } from '../body.ts'
import type { ApiEnv } from '../env.ts'
import { problemResponse, toProblem } from '../problem-response.ts'

/** Providers batch their receipts. */
const BODY_BYTES_MAX = 1_048_576

/** Where providers call back. They hold no key of ours: each proves itself in its own way, which its provider checks. */
export function createReceiptsDoor(): Hono<ApiEnv> {
  const door = new Hono<ApiEnv>()
  door.onError((error, c) => problemResponse(toProblem(error), c))
  door.all('/:kind/:provider/:token?', async (c) => {
    const { method, url, headers } = c.req.raw
    const answer = await recordReceipts(c.var.services.house, {
      kind: c.req.param('kind'),
      providerId: c.req.param('provider'),
      token: c.req.param('token'),
      method,
      url: new URL(url),
      headers,
      body: await readBytes(c.req.raw, BODY_BYTES_MAX),
    })
    return toResponse(answer, c)
  })
  return door
}

function toResponse(answer: CallbackAnswer, c: Context<ApiEnv>): Response {
  switch (answer.kind) {
    case 'accepted':
      if (answer.answer === undefined) return c.body(null, 204)
      return c.body(answer.answer.body, 200, { 'content-type': answer.answer.contentType })
    case 'wrong_method':
      c.header('allow', answer.allowed.join(', '))
      return problemResponse(new Problem('method_not_allowed'), c)
    case 'unknown_provider':
      throw new Problem('not_found')
    case 'unauthentic':
      throw new Problem('unauthenticated')
    case 'forbidden':
      throw new Problem('forbidden', { detail: 'These receipts are not for this service.' })
    case 'malformed':
      throw new Problem('invalid_request', { detail: 'The receipts cannot be read.' })
    case 'unavailable':
      throw new Problem('unavailable', { detail: 'The receipts cannot be checked now.' })
  }
}
