import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * A fake provider as a process of its own, of the kind `http`: `gateway.ts JOURNAL ANSWER_MS`. It has a message from the moment that
 * it stands in the journal (a line with its id and the time in milliseconds), and answers some time after that. Once it was told where by `POST /receipts`, it sends receipts.
 */
const [journal = '', answerMs = '0'] = process.argv.slice(2)
const RECEIPT_MS = 200

type Target = { readonly url: string; readonly token: string }
let target: Target | undefined
let taken = 0

const server = createServer(async (request, response) => {
  const atMs = performance.timeOrigin + performance.now()
  const body = await json(request)
  const answer = (status: number, value: object) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (request.url === '/receipts') {
    target = body as Target
    return answer(200, {})
  }
  const reference = (body as { readonly id: string }).id
  if (journal !== '') appendFileSync(journal, `${reference} ${atMs}\n`)
  taken += 1
  const id = `m-${taken}`
  if (answerMs !== '0') await wait(Number(answerMs))
  answer(200, { id })
  if (target !== undefined) setTimeout(() => void tell(target, { id, reference }), RECEIPT_MS)
})

/** What is not heard is not told again. */
async function tell(to: Target | undefined, names: object): Promise<void> {
  if (to === undefined) return
  await fetch(to.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-receipt-token': to.token },
    body: JSON.stringify({ ...names, status: 'delivered' }),
  }).catch(() => undefined)
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
