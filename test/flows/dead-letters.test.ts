import { expect, test } from 'vitest'
import { failed, maybeSent, refused, type SendResult } from '../../src/domain/send.ts'
import { MINUTE, openDeliveryShop, SECOND } from '../support/delivery-shop.ts'
import { acceptedAs } from '../support/scripted-router.ts'

const DOWN = failed('provider_down', 'http_503')
const FULL = [10_000_000, 0, 0]
const PAID = [9_960_000, 0, 40_000]

/** A shop whose provider answers one after the other, the last for ever; with the door's own words for dead letters. */
async function openShop(answers: readonly SendResult[], settings: object = {}) {
  const texts: string[] = []
  const send = async ({ body }: { body: string }) => {
    texts.push(body)
    return answers[Math.min(texts.length, answers.length) - 1] as SendResult
  }
  const shop = await openDeliveryShop({ only: { send } }, {}, { only: settings })
  const letters = async (query = '') => {
    const body = await shop.json(await shop.get(`/v1/dead-letters${query}`))
    return body.dead_letters as Record<string, unknown>[]
  }
  return {
    ...shop,
    texts,
    letters,
    only: async () => {
      const [letter, ...more] = await letters()
      expect(more).toEqual([])
      return letter ?? {}
    },
    requeue: async (id: unknown) => {
      const response = await shop.post(`/v1/dead-letters/${String(id)}/requeue`)
      await shop.settle()
      return { status: response.status, body: await shop.json(response) }
    },
  }
}

test('a message that nobody took is a dead letter, with what each provider said', async () => {
  const shop = await openShop([DOWN])
  const id = await shop.issue()
  await shop.pass(3 * MINUTE)
  const letter = await shop.only()
  expect(letter).toMatchObject({
    verification: id,
    to: '+447******001',
    channel: 'sms',
    country: 'GB',
    reason: 'exhausted',
    error: { kind: 'provider_down', code: 'http_503' },
    requeueable: true,
  })
  const attempts = letter.attempts as object[]
  expect(attempts).toHaveLength(6)
  expect(attempts[0]).toMatchObject({ provider: 'only', kind: 'provider_down', code: 'http_503' })
  expect(JSON.stringify(letter)).not.toContain('447400100001')
})

test('requeued it goes as a new message with a new code, and is paid once', async () => {
  const shop = await openShop([refused('balance', '21'), acceptedAs('m-1')])
  const id = await shop.issue()
  expect(await shop.balance()).toEqual(FULL)
  const letter = await shop.only()
  expect(letter).toMatchObject({ reason: 'refused', requeueable: true })
  const { status, body } = await shop.requeue(letter.id)
  expect(status).toBe(201)
  expect(body).toEqual({ id: expect.any(String), verification: id, requeued: letter.id })
  expect(shop.texts).toHaveLength(2)
  expect(shop.texts[1]).not.toBe(shop.texts[0])
  expect(await shop.sendOf(id)).toMatchObject({ id: body.id, status: 'sent' })
  expect(await shop.balance()).toEqual(PAID)
  expect(await shop.only()).toMatchObject({ id: letter.id, requeueable: false })
  expect(await shop.requeue(letter.id)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(shop.texts).toHaveLength(2)
})

test('of many that requeue one letter at once one does, and the others are told so', async () => {
  const shop = await openShop([refused('balance', '21'), acceptedAs('m-1')])
  await shop.issue()
  const { id } = await shop.only()
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.requeue(id)))
  const statuses = answers.map(({ status }) => status).toSorted()
  expect(statuses).toEqual([201, ...Array(7).fill(409)])
  expect(shop.texts).toHaveLength(2)
  expect(await shop.balance()).toEqual(PAID)
})

test('a letter whose code is dead is not requeued', async () => {
  const shop = await openShop([refused('balance', '21')])
  const canceled = await shop.issue()
  await shop.post(`/v1/verifications/${canceled}/cancel`)
  shop.clock.advance(SECOND)
  await shop.issue('+447400100002')
  const [late, dead] = await shop.letters()
  expect(await shop.requeue(dead?.id)).toMatchObject({
    status: 409,
    body: { code: 'verification_closed', detail: 'It is canceled.' },
  })
  shop.clock.advance(11 * MINUTE)
  expect(await shop.requeue(late?.id)).toMatchObject({ body: { detail: 'It is expired.' } })
  expect(await shop.requeue(`VL${'0'.repeat(32)}`)).toMatchObject({ status: 404 })
  expect(await shop.letters('?reason=exhausted')).toEqual([])
  expect((await shop.letters('?limit=1')).map(({ id }) => id)).toEqual([late?.id])
})

test('a code that ran out in the outbox is a dead letter, one that was canceled there is not', async () => {
  const shop = await openShop([acceptedAs('m-0'), acceptedAs('m-1')], { rate_per_second: 0.01 })
  for (const index of [0, 1, 2]) await shop.issue(`+44740010000${index}`)
  const waiting = await shop.issue('+447400100003')
  await shop.post(`/v1/verifications/${waiting}/cancel`)
  shop.clock.advance(11 * MINUTE)
  await shop.pass(5 * SECOND)
  const reasons = (await shop.letters()).map(({ to, reason }) => [to, reason])
  expect(reasons).toEqual([
    ['+447******002', 'expired'],
    ['+447******001', 'expired'],
  ])
})

test('what a provider may have, and what its number is to blame for, is no dead letter', async () => {
  const shop = await openShop([maybeSent('timeout'), refused('invalid_number', '21211')])
  await shop.issue('+447400100001')
  await shop.issue('+447400100002')
  await shop.pass(MINUTE)
  expect(await shop.letters()).toEqual([])
})

test('requeueing keeps the caps of the number and the balance, and does not wait for the minute', async () => {
  const shop = await openShop([refused('balance', '21')])
  const id = await shop.issue()
  for (let round = 0; round < 4; round++) {
    const [letter] = await shop.letters()
    shop.clock.advance(SECOND)
    expect((await shop.requeue(letter?.id)).status).toBe(201)
  }
  const [letter] = await shop.letters()
  expect(await shop.requeue(letter?.id)).toMatchObject({ body: { code: 'verification_closed' } })
  expect(await shop.read(id)).toMatchObject({ sends_left: 0 })
  expect(await shop.balance()).toEqual(FULL)
  // Nine that are lost count as five.
  for (let more = 0; more < 4; more++) await shop.issue()
  const other = await shop.post('/v1/verifications', { to: '+447400100001' })
  expect(await shop.json(other)).toMatchObject({ code: 'rate_limited' })
})

test('a budget that refuses a requeue is told as reached', async () => {
  const shop = await openShop([refused('balance', '21')])
  const told = await shop.budgetsTold()
  await shop.issue()
  const { id } = await shop.only()
  const service = `/v1/services/${shop.account.defaultServiceId}`
  await shop.patch(service, { hourly_budget_micros: 30_000 })
  expect(await shop.requeue(id)).toMatchObject({ body: { code: 'budget_exhausted' } })
  expect(await told()).toBe(1)
})

test('a channel that its service gave up meanwhile carries no requeued message', async () => {
  const shop = await openShop([refused('balance', '21')])
  await shop.issue()
  const { id } = await shop.only()
  const service = `/v1/services/${shop.account.defaultServiceId}`
  expect((await shop.patch(service, { channels: ['voice'] })).status).toBe(200)
  expect(await shop.requeue(id)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(shop.texts).toHaveLength(1)
})
