import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import { failed, maybeSent, refused, type SendResult } from '../domain/send.ts'
import { SEND_ERROR_KINDS, SEND_ERRORS } from '../domain/send-error.ts'
import { seededDice, virtualClock, virtualPlatform } from '../platform/virtual.ts'
import { createBreakers } from './breakers.ts'
import type { OutboundMessage, Provider } from './provider.ts'
import { createPaces } from './provider-paces.ts'
import { newReading } from './reading.ts'
import { createRouteHealth } from './route-health.ts'
import { createRouter } from './router.ts'
import { createTurns } from './turns.ts'

const ACCEPTED: SendResult = {
  kind: 'accepted',
  providerMessageId: 'm',
  segments: 1,
  cost: undefined,
}
const FAILED = failed('provider_down', 'http_500')
const UNKNOWN = maybeSent('timeout')

const dice = seededDice(1)
const message: OutboundMessage = {
  id: newId('VL', { nowMs: () => 0, randomBytes: dice.bytes }),
  to: '+447700900123' as Phone,
  country: 'GB',
  from: undefined,
  signature: undefined,
  body: 'text',
  template: {
    name: 'verification',
    locale: 'en',
    variables: { code: '1234', minutes: '5', brand: 'A' },
  },
  validForMs: 300_000,
  channel: 'sms',
  kind: 'otp',
  segments: 1,
}
const serviceId = newId('VA', { nowMs: () => 0, randomBytes: dice.bytes })
const sandbox = { put: async () => {}, list: async () => [] }

/** A router over providers named p0, p1, …; each gives its next scripted result, the last one again and again. */
function openRouter(
  scripts: readonly (readonly SendResult[])[],
  takesMs = 10,
  rates: readonly (number | undefined)[] = [],
) {
  const clock = virtualClock(0)
  const asked: string[] = []
  const providers = scripts.map((script, index): Provider => {
    const left = [...script]
    return {
      id: `p${index}`,
      channels: ['sms'],
      send: async () => {
        asked.push(`p${index}`)
        clock.advance(takesMs)
        return (left.length > 1 ? left.shift() : left[0]) ?? FAILED
      },
    }
  })
  const names = providers.map((provider) => provider.id)
  const paces = createPaces()
  const router = createRouter({
    checked: {
      providers: providers.map((provider, index) => ({
        id: provider.id,
        kind: 'scripted',
        costMicros: 0,
        supports: {},
        ratePerSecond: rates[index],
        create: () => provider,
      })),
      routes: [
        {
          match: { channel: undefined, country: undefined, carrier: undefined, service: undefined },
          use: names,
          order: 'ranked',
        },
      ],
      routing: { explore: 0, tolerance: 0.03, exchange: {} },
      fallbacks: {},
    },
    platform: virtualPlatform({ clock, dice }),
    sandbox,
    publicUrl: undefined,
    memory: {
      breakers: createBreakers({ failuresMax: 3, coolMs: 1000, coolMaxMs: 8000 }),
      health: createRouteHealth(),
      paces,
      reading: newReading(),
      turns: createTurns(paces),
    },
  })
  const plan = router.planFor({ channel: 'sms', country: 'GB', carrier: undefined, serviceId })
  const send = (deadlineMs = 1_000_000) => router.sendAlong(plan, message, deadlineMs)
  return { router, plan, send, asked, clock }
}

test('the first that accepts ends the walk', async () => {
  const { send, asked } = openRouter([[FAILED], [ACCEPTED], [ACCEPTED]])
  const sent = await send()
  expect(sent).toMatchObject({ status: 'sent', providerId: 'p1', result: ACCEPTED })
  expect(sent.tries).toEqual([
    { providerId: 'p0', result: FAILED, startedAtMs: 0, tookMs: 10 },
    { providerId: 'p1', result: ACCEPTED, startedAtMs: 10, tookMs: 10 },
  ])
  expect(asked).toEqual(['p0', 'p1'])
})

test('maybe sent ends the walk, since a second message could be one too many', async () => {
  const { send, asked } = openRouter([[UNKNOWN], [ACCEPTED]])
  expect(await send()).toMatchObject({
    status: 'unknown',
    providerId: 'p0',
    error: { kind: 'unknown', code: 'timeout' },
  })
  expect(asked).toEqual(['p0'])
})

test.each(['invalid_number', 'blocked_by_carrier'] as const)(
  'what one refuses because of %s nobody else is asked for',
  async (kind) => {
    const { send, asked } = openRouter([[FAILED], [refused(kind, 'x')], [ACCEPTED]])
    expect(await send()).toMatchObject({ status: 'failed', retryable: false, error: { kind } })
    expect(asked).toEqual(['p0', 'p1'])
  },
)

test.each(SEND_ERROR_KINDS.filter((kind) => SEND_ERRORS[kind].elsewhere))(
  'after a refusal because of %s the next is asked',
  async (kind) => {
    const { send } = openRouter([[refused(kind, 'x')], [ACCEPTED]])
    expect(await send()).toMatchObject({ status: 'sent', providerId: 'p1' })
  },
)

test('a failure is surely not sent, so the next is asked whatever it was', async () => {
  for (const kind of SEND_ERROR_KINDS) {
    const { send } = openRouter([[failed(kind, 'x')], [ACCEPTED]])
    expect(await send()).toMatchObject({ status: 'sent', providerId: 'p1' })
  }
})

test('three are asked and no more; trying again later makes sense where one of them was only down or busy', async () => {
  const { send, asked } = openRouter([
    [refused('balance', 'x')],
    [FAILED],
    [refused('content_refused', 'spam')],
    [ACCEPTED],
  ])
  expect(await send()).toMatchObject({
    status: 'failed',
    error: { kind: 'content_refused', code: 'spam' },
    retryable: true,
  })
  expect(asked).toEqual(['p0', 'p1', 'p2'])
  const busy = openRouter([[refused('throttled', 'x')]])
  expect(await busy.send()).toMatchObject({ status: 'failed', retryable: true })
  const refusing = openRouter([[refused('content_refused', 'x')]])
  expect(await refusing.send()).toMatchObject({ status: 'failed', retryable: false })
})

test('nobody is asked after the deadline', async () => {
  const { send, asked } = openRouter([[FAILED], [FAILED], [ACCEPTED]], 60)
  expect(await send(100)).toMatchObject({ status: 'failed', retryable: true })
  expect(asked).toEqual(['p0', 'p1'])
  expect(await send(100)).toEqual({
    status: 'failed',
    error: { kind: 'unknown', code: 'deadline_passed', text: undefined },
    retryable: true,
    tries: [],
  })
})

test('a provider that keeps failing is left out, and asked again after the pause', async () => {
  const { send, asked, clock } = openRouter([[FAILED, FAILED, FAILED, ACCEPTED], [ACCEPTED]])
  for (let round = 0; round < 4; round++) await send()
  expect(asked).toEqual(['p0', 'p1', 'p0', 'p1', 'p0', 'p1', 'p1'])
  clock.advance(1000)
  expect(await send()).toMatchObject({ status: 'sent', providerId: 'p0' })
})

test('bad numbers and what it does not carry do not switch a provider off, wrong credentials do', async () => {
  const numbers = openRouter([[refused('invalid_number', 'x')], [ACCEPTED]])
  for (let round = 0; round < 9; round++) await numbers.send()
  expect(numbers.asked).toEqual(Array(9).fill('p0'))
  const choosy = openRouter([[failed('unknown', 'no_sender')], [ACCEPTED]])
  for (let round = 0; round < 9; round++) await choosy.send()
  expect(choosy.asked.filter((id) => id === 'p0')).toHaveLength(9)
  const locked = openRouter([[refused('credentials', 'x')], [ACCEPTED]])
  for (let round = 0; round < 9; round++) await locked.send()
  expect(locked.asked.filter((id) => id === 'p0')).toHaveLength(3)
})

test('where every provider is left out the first is asked all the same', async () => {
  const { send, asked } = openRouter([[FAILED, FAILED, FAILED, ACCEPTED]])
  for (let round = 0; round < 3; round++) await send()
  expect(await send()).toMatchObject({ status: 'sent' })
  expect(asked).toHaveLength(4)
})

test('a provider without room is passed over for the next, and asked again when it has room', async () => {
  const { send, asked, clock } = openRouter([[ACCEPTED], [ACCEPTED]], 10, [1, undefined])
  for (let round = 0; round < 3; round++) await send()
  expect(asked).toEqual(['p0', 'p1', 'p1'])
  clock.set(1_000)
  await send()
  expect(asked.at(-1)).toBe('p0')
})

test('where nobody has room nobody is asked, and the time is told at which somebody has', async () => {
  const { send, asked, clock } = openRouter([[ACCEPTED], [ACCEPTED]], 10, [1, 0.5])
  for (let round = 0; round < 2; round++) await send()
  expect(await send()).toEqual({ status: 'waiting', notBeforeMs: 1_000, tries: [] })
  expect(await send()).toMatchObject({ status: 'waiting', notBeforeMs: 2_000 })
  expect(asked).toEqual(['p0', 'p1'])
  clock.set(1_000)
  expect(await send()).toMatchObject({ status: 'waiting' })
})

test('a walk that found no room with the last that could take it may be repeated', async () => {
  const script = [refused('content_refused', 'x')]
  const { send, asked } = openRouter([[ACCEPTED], script], 10, [0.01, undefined])
  await send()
  expect(await send()).toMatchObject({ status: 'failed', retryable: true })
  expect(asked).toEqual(['p0', 'p1'])
})

test('a destination without a route has no plan, and a plan leaves out who cannot carry the channel', async () => {
  const { router } = openRouter([[ACCEPTED]])
  const facts = { country: 'GB', carrier: undefined, serviceId }
  expect(router.planFor({ ...facts, channel: 'voice' })).toEqual([])
  expect(await router.sendAlong([], message, 1)).toMatchObject({
    status: 'failed',
    error: { kind: 'unknown', code: 'no_route', text: undefined },
    retryable: false,
  })
  expect(router.provider('p0')?.provider.id).toBe('p0')
  expect(router.provider('p9')).toBeUndefined()
})

test('whatever providers answer, at most one may have sent the message, and then the walk says so', async () => {
  const result = fc.constantFrom(
    ACCEPTED,
    FAILED,
    UNKNOWN,
    refused('invalid_number', 'x'),
    refused('content_refused', 'x'),
    refused('balance', 'x'),
  )
  const scripts = fc.array(fc.array(result, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  })
  await fc.assert(
    fc.asyncProperty(scripts, async (scripted) => {
      const { send } = openRouter(scripted)
      for (let round = 0; round < 6; round++) {
        const sent = await send()
        const maybe = sent.tries.filter(
          ({ result: { kind } }) => kind === 'accepted' || kind === 'unknown',
        )
        expect(maybe.length).toBe(sent.status === 'failed' ? 0 : 1)
        expect(sent.tries.length).toBeLessThanOrEqual(3)
      }
    }),
  )
})
