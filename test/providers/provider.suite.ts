import { expect, test } from 'vitest'
import type { OutboundMessage, Provider, SandboxMessage } from '../../src/channels/provider.ts'
import { CHANNELS } from '../../src/domain/channel.ts'
import { newId } from '../../src/domain/ids.ts'
import { micros } from '../../src/domain/money.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import {
  ENDLESS,
  FAULTS,
  type Fault,
  type Script,
  scriptedFetch,
  type Wire,
} from './scripted-fetch.ts'

export const NOW_MS = Date.UTC(2026, 0, 2)
export const DEADLINE_MS = NOW_MS + 10_000
export const COST = micros(20_000)

export type OpenedProvider = {
  readonly provider: Provider
  readonly inbox: readonly SandboxMessage[]
}

/** How the suite opens one kind. `wire` is undefined for a kind that talks to nobody. */
export type KindUnderTest = {
  readonly kind: string
  readonly open: (platform: Platform) => OpenedProvider
  readonly wire: Wire | undefined
}

export const aMessage = (change: Partial<OutboundMessage> = {}): OutboundMessage => ({
  id: newId('VL', { nowMs: () => NOW_MS, randomBytes: seededDice(7).bytes }),
  to: '+447700900123' as Phone,
  from: undefined,
  body: '123456 is your code.',
  channel: 'sms',
  segments: 2,
  ...change,
})

export const aPlatform = (fetching: typeof fetch): Platform =>
  virtualPlatform({ clock: virtualClock(NOW_MS), dice: seededDice(1), fetch: fetching })

/** Only a fault that is a silence is waited for, and that not long; no other outcome hangs on how fast this machine is. */
const deadlineFor = (fault: Fault): number => (ENDLESS.has(fault) ? NOW_MS + 60 : DEADLINE_MS)

/** What every kind owes the router, whatever its upstream does. */
export function providerSuite(kind: KindUnderTest): void {
  const opened = (script: Script) => {
    const { fetch, calls } = scriptedFetch(script)
    return { ...kind.open(aPlatform(fetch)), calls }
  }
  const named = (claim: string): string => `${kind.kind}: ${claim}`

  test.each(CHANNELS)(
    named('an accepted %s message has an id, segments and their cost'),
    async (channel) => {
      const { provider } = opened({ answer: kind.wire?.accepted })
      expect(provider.channels).toContain(channel)
      const result = await provider.send(aMessage({ channel }), DEADLINE_MS)
      expect(result.kind).toBe('accepted')
      if (result.kind !== 'accepted') return
      expect(result.providerMessageId).not.toBe('')
      expect(result.segments).toBeGreaterThan(0)
      expect(result.cost).toBe(COST * result.segments)
    },
  )

  if (kind.wire === undefined) return
  const { wire } = kind

  test(named('the message, its number and its id reach the upstream once'), async () => {
    const { provider, calls } = opened({ answer: wire.accepted })
    const message = aMessage()
    await provider.send(message, DEADLINE_MS)
    expect(calls).toHaveLength(1)
    const sent = `${calls[0]?.url} ${calls[0]?.headers} ${calls[0]?.body}`
    for (const part of [message.body, message.to, message.id]) expect(sent).toContain(part)
  })

  test(named('a refusal is refused and says why'), async () => {
    const { provider } = opened({ answer: wire.refused })
    expect(await provider.send(aMessage(), DEADLINE_MS)).toMatchObject({
      kind: 'refused',
      reason: wire.refusedReason,
    })
  })

  test.each(Object.entries(FAULTS))(named('%s is %j'), async (fault, outcomes) => {
    const { provider } = opened({ fault: fault as Fault, wire })
    const result = await provider.send(aMessage(), deadlineFor(fault as Fault))
    expect(outcomes).toContain(result.kind)
    if (result.kind !== 'accepted') expect(result.upstreamCode).toMatch(/^[a-z0-9_]{3,}$/)
  })

  test(named('nothing is asked after the deadline'), async () => {
    const { provider, calls } = opened({ answer: wire.accepted })
    const late = await provider.send(aMessage(), NOW_MS)
    expect(late).toEqual({ kind: 'failed', upstreamCode: 'deadline_passed' })
    expect(calls).toHaveLength(0)
  })

  test(named('neither number nor code is in what a failure tells'), async () => {
    for (const fault of Object.keys(FAULTS) as Fault[]) {
      const { provider } = opened({ fault, wire })
      const told = JSON.stringify(await provider.send(aMessage(), deadlineFor(fault)))
      expect(told).not.toMatch(/123456|7700900123/)
    }
  })
}
