import { expect, test } from 'vitest'
import { failed, maybeSent, refused } from '../../src/domain/send.ts'
import { MINUTE, openDeliveryShop } from '../support/delivery-shop.ts'
import { acceptedAs } from '../support/scripted-router.ts'

const DIGITS = '447400100001'
const SAID = `Number +${DIGITS} is not one we serve`

test('a verification says why its message failed, in our word and in the vendor’s, without the number', async () => {
  const shop = await openDeliveryShop({
    only: { send: async () => refused('unreachable', '30003', SAID) },
  })
  const id = await shop.issue()
  const { send } = await shop.read(id)
  const error = {
    kind: 'unreachable',
    code: '30003',
    text: 'Number **** is not one we serve',
  }
  expect(send).toMatchObject({ status: 'failed', error })
  const listed = await shop.json(await shop.get('/v1/verifications'))
  expect(listed).toMatchObject({ verifications: [{ id, send: { error } }] })
  expect(JSON.stringify(listed)).not.toContain(DIGITS)
})

test('a verification says what a receipt said of its message, and nothing once it arrived after all', async () => {
  const shop = await openDeliveryShop({ only: { send: async () => acceptedAs('m-1') } })
  const id = await shop.issue()
  expect((await shop.read(id)).send).not.toHaveProperty('error')
  const receipt = {
    providerId: 'only',
    providerMessageId: 'm-1',
    reference: undefined,
    segments: undefined,
    cost: undefined,
  }
  const told = async (delivery: object) =>
    shop.house.outbox.recordDelivery(
      { ...receipt, error: undefined, ...delivery } as never,
      shop.clock.nowMs(),
      () => undefined,
    )
  const error = { kind: 'blocked_by_carrier', code: '30007', text: undefined }
  await told({ status: 'undelivered', error })
  expect((await shop.read(id)).send).toMatchObject({
    status: 'undelivered',
    error: { kind: 'blocked_by_carrier', code: '30007' },
  })
  await told({ status: 'delivered' })
  expect((await shop.read(id)).send).toMatchObject({ status: 'delivered' })
  expect((await shop.read(id)).send).not.toHaveProperty('error')
})

test('of a message that may have left the verification says what is not known', async () => {
  const shop = await openDeliveryShop({ only: { send: async () => maybeSent('timeout') } })
  const { send } = await shop.read(await shop.issue())
  expect(send).toMatchObject({ status: 'unknown', error: { kind: 'unknown', code: 'timeout' } })
})

test('a verification names the last error of many rounds and providers', async () => {
  const shop = await openDeliveryShop({
    first: { send: async () => failed('provider_down', 'http_503') },
    second: { send: async () => failed('throttled', 'http_429') },
  })
  const id = await shop.issue()
  await shop.pass(3 * MINUTE)
  const { send } = await shop.read(id)
  expect(send).toMatchObject({ status: 'failed', error: { code: expect.stringMatching(/^http_/) } })
})
