import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assert } from '../../src/domain/assert.ts'
import { openReplay } from '../../src/flows/replay.ts'
import { openStage } from '../../src/wire-replay.ts'
import { openDeliveryShop } from '../support/delivery-shop.ts'
import { acceptedAs } from '../support/scripted-router.ts'

const MINUTE = 60_000
const NOON = Date.UTC(2026, 2, 2, 12)
const NUMBER = '+447400100001'
const NO_RULES = 'version: "1"\nrules: []\n'

/** Asked for so long after the one before it; a receipt 20 seconds later tells what became of it. */
type Asked = { readonly gapMs: number; readonly arrives: boolean }

type Caller = (asked: Asked, atMs: number) => Promise<boolean>

async function sentBy(caller: Caller, all: readonly Asked[]): Promise<readonly boolean[]> {
  const sent: boolean[] = []
  let atMs = NOON
  for (const asked of all) {
    atMs += asked.gapMs
    sent.push(await caller(asked, atMs))
  }
  return sent
}

async function server(): Promise<Caller> {
  let message = 0
  const send = async () => acceptedAs(`m-${++message}`)
  const shop = await openDeliveryShop({ only: { send } })
  return async ({ arrives }, atMs) => {
    shop.clock.advance(atMs - shop.clock.nowMs())
    const before = message
    const asked = await shop.post('/v1/verifications', { to: NUMBER })
    await shop.settle()
    if (asked.status !== 201) return false
    expect(message).toBe(before + 1)
    shop.clock.advance(20_000)
    const receipt = {
      providerId: 'only',
      providerMessageId: `m-${message}`,
      reference: undefined,
      status: arrives ? 'delivered' : 'undelivered',
      error: undefined,
      segments: undefined,
      cost: undefined,
    } as const
    await shop.house.outbox.recordDelivery(receipt, shop.clock.nowMs(), () => undefined)
    return true
  }
}

const NOBODY = {
  ip: undefined,
  userAgent: undefined,
  acceptLanguage: undefined,
  clientHints: undefined,
  deviceId: undefined,
  ja4: undefined,
  sessionAgeMs: undefined,
  network: undefined,
}

async function replayed(): Promise<Caller> {
  const rules = mkdtempSync(join(tmpdir(), 'tollgate-caps-'))
  const home = new URL('../../', import.meta.url)
  cpSync(new URL('rules', home), rules, { recursive: true })
  writeFileSync(join(rules, 'policy.yaml'), NO_RULES)
  const replay = openReplay(await openStage({ home, environment: {} }, { rules, model: false }))
  let events = 0
  return async ({ arrives }, atMs) => {
    const about = { ref: `r${++events}` }
    const answer = await replay.apply({
      ...about,
      type: 'issue',
      t: atMs,
      tenant: 'shop',
      to: NUMBER,
      channel: 'sms',
      purpose: undefined,
      client: NOBODY,
      solvesChallenge: false,
    })
    assert(answer !== undefined && 'sent' in answer, 'an issue is answered by a decision')
    const status = arrives ? 'delivered' : 'undelivered'
    if (answer.sent) await replay.apply({ ...about, type: 'delivery', t: atMs + 20_000, status })
    return answer.sent
  }
}

test('who asks again after 45 seconds gets a message where the one before it is known to be lost', async () => {
  const lost = { gapMs: 45_000, arrives: false }
  const came = { gapMs: 45_000, arrives: true }
  for (const open of [server, replayed]) {
    expect(await sentBy(await open(), [lost, lost, came, came])).toEqual([true, true, true, false])
  }
})

test('a server and a replay of its traffic refuse the same requests for one number', async () => {
  const asked = fc.record({
    gapMs: fc.integer({ min: 21_000, max: 12 * MINUTE }),
    arrives: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 10, maxLength: 30 }), async (all) => {
      const live = await sentBy(await server(), all)
      expect(await sentBy(await replayed(), all)).toEqual(live)
    }),
    { numRuns: 5 },
  )
})
