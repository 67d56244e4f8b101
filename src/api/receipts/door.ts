import { Hono } from 'hono'
import { Problem } from '../../domain/problems.ts'
import { type ReceiptsAnswer, recordReceipts } from '../../flows/record-receipts.ts'
import { readBytes } from '../body.ts'
import type { ApiEnv } from '../env.ts'
import { problemResponse, toProblem } from '../problem-response.ts'

/** Providers batch their receipts. */
const BODY_BYTES_MAX = 1_048_576

/** Where providers call back. They hold no key of ours: each proves itself in its own way, which its provider checks. */
export function createReceiptsDoor(): Hono<ApiEnv> {
  const door = new Hono<ApiEnv>()
  door.onError((error, c) => problemResponse(toProblem(error), c))
  door.post('/:provider', async (c) => {
    const { method, url, headers } = c.req.raw
    const body = await readBytes(c.req.raw, BODY_BYTES_MAX)
    const request = new Request(url, { method, headers, body: body as Uint8Array<ArrayBuffer> })
    const answer = await recordReceipts(c.var.services.house, c.req.param('provider'), request)
    refuseUnlessAccepted(answer)
    return c.body(null, 204)
  })
  door.all('/:provider', (c) => {
    c.header('allow', 'POST')
    return problemResponse(new Problem('method_not_allowed'), c)
  })
  return door
}

function refuseUnlessAccepted(answer: ReceiptsAnswer): void {
  switch (answer) {
    case 'accepted':
      return
    case 'unknown_provider':
      throw new Problem('not_found')
    case 'unauthentic':
      throw new Problem('unauthenticated')
    case 'malformed':
      throw new Problem('invalid_request', { detail: 'The receipts cannot be read.' })
  }
}
