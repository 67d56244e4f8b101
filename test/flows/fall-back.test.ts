import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OutboundMessage } from '../../src/channels/provider.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { VerificationId } from '../../src/domain/ids.ts'
import { failed, maybeSent, refused, type SendResult } from '../../src/domain/send.ts'
import { fallBack } from '../../src/flows/fall-back.ts'
import { HOUR, MINUTE, openDeliveryShop, SECOND } from '../support/delivery-shop.ts'
import { acceptedAs } from '../support/scripted-router.ts'

const ACCEPTED = acceptedAs(undefined)
const REFUSED = refused('balance', '21')
const DOWN = failed('provider_down', 'http_503')
const FULL = [10_000_000, 0, 0]
const RULES = {
  'policy.yaml': 'version: "1"\nrules: []\n',
  'prices/usd.yaml':
    'currency: USD\ndefault: 0.04\nwhatsapp: { default: 0.03 }\nvoice: { default: 0.2 }\n',
}
const NO_CALLS = `version: "2"
rules:
  - id: no-calls
    why: Nobody is called.
    when: request.voice
    action: block
    scope: { channels: [voice] }
`
type Answers = Partial<Record<Channel, readonly SendResult[]>>

/** One provider for each channel, and a service that sends by all of them. */
async function openShop(
  answers: Answers,
  { fallbacks = ['whatsapp', 'voice'] as unknown, policy = RULES['policy.yaml'] } = {},
) {
  const asked: OutboundMessage[] = []
  let whenAsked = () => {}
  const answered: { readonly channel: Channel; readonly kind: SendResult['kind'] }[] = []
  const scriptOf = (channel: Channel, script: readonly SendResult[]) => ({
    channels: [channel],
    send: async (message: OutboundMessage) => {
      asked.push(message)
      whenAsked()
      const before = asked.filter((one) => one.channel === channel).length
      const result = script[Math.min(before, script.length) - 1] as SendResult
      answered.push({ channel, kind: result.kind })
      return result
    },
  })
  const scripts = Object.fromEntries(
    Object.entries(answers).map(([channel, script]) => [
      channel,
      scriptOf(channel as Channel, script),
    ]),
  )
  const routes = { fallbacks: { sms: 'voice' } }
  const rules = { ...RULES, 'policy.yaml': policy }
  const shop = await openDeliveryShop(scripts, routes, {}, rules)
  const response = await shop.patch(`/v1/services/${shop.account.defaultServiceId}`, {
    channels: ['sms', 'whatsapp', 'voice'],
    fallback_channels: fallbacks,
  })
  expect(response.status).toBe(200)
  return {
    ...shop,
    asked,
    answered,
    channels: () => asked.map(({ channel }) => channel),
    asking: (act: () => void) => {
      whenAsked = act
    },
    letters: async () => (await shop.json(await shop.get('/v1/dead-letters'))).dead_letters,
  }
}

test('what no provider of a channel took goes by the next one, at its price, and the first money is back', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [ACCEPTED] })
  const id = await shop.issue()
  expect(shop.channels()).toEqual(['sms', 'whatsapp'])
  expect(await shop.sendOf(id)).toMatchObject({ status: 'sent', channel: 'whatsapp' })
  expect(await shop.read(id)).toMatchObject({ channel: 'sms', status: 'pending', sends_left: 3 })
  expect(await shop.balance()).toEqual([9_970_000, 0, 30_000])
  expect(await shop.letters()).toEqual([])
  const code = /\d{6}/.exec(shop.asked[1]?.body ?? '')?.[0]
  const checked = await shop.post(`/v1/verifications/${id}/check`, { code })
  expect(await shop.json(checked)).toMatchObject({ valid: true })
})

test('the counters of money know what took over, and one message', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [REFUSED], voice: [ACCEPTED] })
  const id = (await shop.issue()) as VerificationId
  const { house, account, clock } = shop
  const found = await house.verifications.find({ accountId: account.id, id })
  const asked = { atMs: clock.nowMs(), subjects: found?.subjects ?? {}, country: 'GB' }
  const counted = { sends_1h: 1, spend_1h: 200_000, spend_24h: 200_000 }
  expect(await house.velocity.observe(asked)).toMatchObject({ phone: counted, account: counted })
})

test('it goes on along the channels until one carries it, and is a dead letter where none does', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [REFUSED], voice: [REFUSED, ACCEPTED] })
  const id = await shop.issue()
  expect(shop.channels()).toEqual(['sms', 'whatsapp', 'voice'])
  expect(await shop.sendOf(id)).toMatchObject({ status: 'failed', channel: 'voice' })
  expect(await shop.balance()).toEqual(FULL)
  expect(await shop.letters()).toMatchObject([{ channel: 'voice', requeueable: true }])
  const [letter] = (await shop.letters()) as { id: string }[]
  expect((await shop.post(`/v1/dead-letters/${letter?.id}/requeue`)).status).toBe(201)
  await shop.settle()
  expect(await shop.balance()).toEqual([9_800_000, 0, 200_000])
})

test('providers that are down get a second round before another channel takes over', async () => {
  const shop = await openShop({ sms: [DOWN], whatsapp: [ACCEPTED] })
  const id = await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  await shop.pass(5 * SECOND, SECOND)
  expect(shop.channels()).toEqual(['sms', 'sms', 'whatsapp'])
  expect(await shop.sendOf(id)).toMatchObject({ status: 'sent', channel: 'whatsapp' })
})

test.each([
  ['a provider may have it', maybeSent('timeout')],
  ['its number is wrong', refused('invalid_number', '21211')],
  ['somebody wants no messages', refused('blocked_by_carrier', '21610')],
])('nothing falls back where %s', async (_why, answer) => {
  const shop = await openShop({ sms: [answer], whatsapp: [ACCEPTED], voice: [ACCEPTED] })
  await shop.issue()
  await shop.pass(MINUTE)
  expect(shop.channels()).toEqual(['sms'])
})

test('only services that allow it fall back, by their own order or by that of the routes file', async () => {
  const answers = { sms: [REFUSED], whatsapp: [ACCEPTED], voice: [ACCEPTED] }
  const orders = [
    [[], ['sms']],
    ['default', ['sms', 'voice']],
    [
      ['voice', 'whatsapp'],
      ['sms', 'voice'],
    ],
    [['whatsapp', 'sms'], ['sms']],
  ] as const
  for (const [fallbacks, channels] of orders) {
    const shop = await openShop(answers, { fallbacks })
    await shop.issue()
    expect(shop.channels()).toEqual(channels)
  }
})

test('a channel that nobody carries is passed over', async () => {
  const shop = await openShop({ sms: [REFUSED], voice: [ACCEPTED] })
  await shop.issue()
  expect(shop.channels()).toEqual(['sms', 'voice'])
})

test('a call that the rules would refuse is not had by asking for a message that fails', async () => {
  const shop = await openShop({ sms: [REFUSED], voice: [ACCEPTED] }, { policy: NO_CALLS })
  await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  expect(await shop.letters()).toMatchObject([{ channel: 'sms', reason: 'refused' }])
  expect(await shop.balance()).toEqual(FULL)
})

test('where no other channel may take over, a message is tried as often as without one', async () => {
  const shop = await openShop({ sms: [DOWN], voice: [ACCEPTED] }, { policy: NO_CALLS })
  await shop.issue()
  await shop.pass(3 * MINUTE)
  expect(shop.channels()).toEqual(Array(6).fill('sms'))
})

test('the caps of the number and the balance hold for the channel that takes over', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [ACCEPTED] })
  await shop.patch(`/v1/services/${shop.account.defaultServiceId}`, { phone_per_hour: 1 })
  await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  const poor = await openShop({ sms: [REFUSED], voice: [ACCEPTED] })
  const charge = { amount_micros: -9_900_000, currency: 'USD', reference: 'R', reason: 'Spent.' }
  expect((await poor.post('/v1/balance/adjustments', charge)).status).toBe(201)
  await poor.issue()
  expect(poor.channels()).toEqual(['sms'])
  expect(await poor.letters()).toMatchObject([{ requeueable: true }])
})

test('of several that would take over at once one does, and what one that died left is taken up', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [ACCEPTED] })
  const { outbox } = shop.house
  const take = outbox.takeFallen.bind(outbox)
  outbox.takeFallen = async (span) => {
    await take(span)
    throw new Error('killed')
  }
  const id = await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  expect(await shop.letters()).toEqual([])
  outbox.takeFallen = take
  await shop.pass(29 * SECOND)
  expect(shop.channels()).toEqual(['sms'])
  shop.clock.advance(2 * SECOND)
  await Promise.all(Array.from({ length: 5 }, () => fallBack(shop.house)))
  await shop.settle()
  expect(shop.channels()).toEqual(['sms', 'whatsapp'])
  expect(await shop.statusOf(id)).toBe('sent')
  expect(await shop.balance()).toEqual([9_970_000, 0, 30_000])
})

test('what another channel took over from is no dead letter, wherever the process died', async () => {
  const shop = await openShop({ sms: [REFUSED], whatsapp: [ACCEPTED] })
  dieAt(shop.house.verifications, 'resend', 0, true)
  const id = await shop.issue()
  await shop.pass(MINUTE)
  expect(shop.channels()).toEqual(['sms', 'whatsapp'])
  expect(await shop.statusOf(id)).toBe('sent')
  expect(await shop.letters()).toEqual([])
})

test('where the caps refuse the next channel, a number that is to blame is no dead letter', async () => {
  const answer = refused('unreachable', '21614')
  const shop = await openShop({ sms: [answer], whatsapp: [ACCEPTED] })
  await shop.patch(`/v1/services/${shop.account.defaultServiceId}`, { phone_per_hour: 1 })
  await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  expect(await shop.letters()).toEqual([])
})

test('a budget that refuses the next channel is told as reached', async () => {
  const shop = await openShop({ sms: [REFUSED], voice: [ACCEPTED] })
  const told = await shop.budgetsTold()
  const service = `/v1/services/${shop.account.defaultServiceId}`
  await shop.patch(service, { hourly_budget_micros: 100_000 })
  await shop.issue()
  expect(shop.channels()).toEqual(['sms'])
  expect(await told()).toBe(1)
})

test('where the next channel cannot be rated just now, a refused message still ends and its money is back', async () => {
  const shop = await openShop({ sms: [REFUSED], voice: [ACCEPTED] })
  const { tenancy } = shop.house
  const account = tenancy.account.bind(tenancy)
  shop.asking(() => {
    tenancy.account = () => Promise.reject(new Error('gone'))
  })
  const id = await shop.issue()
  tenancy.account = account
  expect(shop.channels()).toEqual(['sms'])
  expect(await shop.statusOf(id)).toBe('failed')
  expect(await shop.balance()).toEqual(FULL)
})

test('a code that was canceled meanwhile is sent by no other channel', async () => {
  const shop = await openShop({ sms: [DOWN], whatsapp: [ACCEPTED] })
  const id = await shop.issue()
  await shop.post(`/v1/verifications/${id}/cancel`)
  await shop.pass(MINUTE)
  expect(shop.channels()).toEqual(['sms'])
})

test('fallback channels that the service does not send by are refused by name', async () => {
  const shop = await openShop({ sms: [ACCEPTED] })
  const path = `/v1/services/${shop.account.defaultServiceId}`
  const refusedAs = async (body: object) => {
    const response = await shop.patch(path, body)
    const { errors } = await shop.json(response)
    return [response.status, (errors as { pointer: string }[])[0]?.pointer]
  }
  expect(await refusedAs({ channels: ['sms', 'voice'] })).toEqual([400, '/fallback_channels/0'])
  expect(await refusedAs({ fallback_channels: ['pigeon'] })).toEqual([400, '/fallback_channels'])
  expect(await refusedAs({ fallback_channels: ['voice', 'voice'] })).toEqual([
    400,
    '/fallback_channels',
  ])
})

const PRICES: Record<Channel, number> = { sms: 40_000, whatsapp: 30_000, voice: 200_000 }
const result = fc.constantFrom(ACCEPTED, DOWN, REFUSED, REFUSED, maybeSent('timeout'))
const script = fc.array(result, { minLength: 1, maxLength: 3 })
const answers = fc.record({ sms: script, whatsapp: script, voice: script })
type Shop = Awaited<ReturnType<typeof openShop>>

const carriersIn = ({ answered }: Shop) =>
  answered.filter(({ kind }) => kind === 'accepted' || kind === 'unknown')

test('whatever providers answer, at most one may have the message, and exactly that is paid or held', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (scripts) => {
      const shop = await openShop(scripts)
      await shop.issue()
      await shop.pass(3 * MINUTE)
      const [carrier, ...more] = carriersIn(shop)
      expect(more).toEqual([])
      const price = carrier === undefined ? 0 : PRICES[carrier.channel]
      const held = carrier?.kind === 'unknown' ? price : 0
      expect(await shop.balance()).toEqual([10_000_000 - price, held, price - held])
    }),
    { numRuns: 15 },
  )
})

const KILLED = new Error('killed')
/** Dies once, at the given call of the verb, before or after it was done. */
function dieAt<T extends object>(store: T, verb: keyof T, calls: number, isAfter: boolean): void {
  const act = (store[verb] as (...args: unknown[]) => Promise<unknown>).bind(store)
  let left = calls
  const dying = async (...args: unknown[]) => {
    const isLast = left-- === 0
    if (isLast && !isAfter) throw KILLED
    const done = await act(...args)
    if (isLast) throw KILLED
    return done
  }
  Object.assign(store, { [verb]: dying })
}

test('wherever a process dies, at most one may have the message, in the end nothing is held, and at most one is buried', async () => {
  const death = fc.record({
    verb: fc.constantFrom('finish', 'takeFallen', 'closeFallen', 'resend'),
    calls: fc.nat({ max: 2 }),
    isAfter: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(answers, death, async (scripts, { verb, calls, isAfter }) => {
      const shop = await openShop(scripts)
      const { outbox, verifications } = shop.house
      if (verb === 'resend') dieAt(verifications, verb, calls, isAfter)
      else dieAt(outbox, verb as 'finish', calls, isAfter)
      await shop.issue()
      for (const stepMs of [...Array(36).fill(5 * SECOND), ...Array(7).fill(4 * HOUR)]) {
        await shop.pass(stepMs, stepMs).catch((error) => expect(error).toEqual(KILLED))
      }
      const [carrier, ...more] = carriersIn(shop)
      expect(more).toEqual([])
      const [available, held, spent] = await shop.balance()
      expect(held).toBe(0)
      expect(Number(available) + Number(spent)).toBe(10_000_000)
      expect([0, carrier && PRICES[carrier.channel]]).toContain(spent)
      expect(((await shop.letters()) as unknown[]).length).toBeLessThanOrEqual(
        carrier === undefined ? 1 : 0,
      )
    }),
    { numRuns: 25 },
  )
})
