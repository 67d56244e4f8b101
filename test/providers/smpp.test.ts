import { expect, onTestFinished, test } from 'vitest'
import { WORKER_KINDS } from '../../src/channels/kinds.ts'
import type { PartShelf } from '../../src/channels/part-shelf.ts'
import type { OnDelivery } from '../../src/channels/provider.ts'
import { smppProvider } from '../../src/channels/providers/smpp/provider.ts'
import type { Delivery } from '../../src/domain/send.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import { MemoryPartShelf } from '../../src/storage/memory/part-shelf.ts'
import { aMessage, DEADLINE_MS, NOW_MS, openProvider } from './provider.suite.ts'
import { selfSigned } from './self-signed.ts'
import { openSmsc, rawBytes, receiptOf, type Whim } from './smsc.ts'

const SETTINGS = { host: '127.0.0.1', system_id: 'acme', password: 'secret12', from: 'Acme' }
const LONG = 'a'.repeat(200)

type Certificate = ReturnType<typeof selfSigned>

/** A provider that was bound to an SMSC of this whim, and what it was told. */
async function opened(
  whim?: Whim,
  {
    certificate,
    parts = new MemoryPartShelf(),
    ...settings
  }: Record<string, unknown> & { certificate?: Certificate; parts?: PartShelf } = {},
) {
  const smsc = await openSmsc(whim, certificate)
  const clock = virtualClock(NOW_MS)
  const platform = virtualPlatform({ clock, dice: seededDice(1) })
  const told: Delivery[] = []
  const waiting = new Set<() => void>()
  const onDelivery: OnDelivery = async (deliveries) => {
    told.push(...deliveries)
    for (const look of waiting) look()
  }
  const heard = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => told.length >= count && resolve()
      waiting.add(look)
      look()
    })
  const provider = openProvider(
    smppProvider,
    { ...SETTINGS, port: smsc.port, ...settings },
    { platform, session: { onDelivery, parts } },
  )
  onTestFinished(() => provider.close?.())
  const send = (change = {}) => provider.send(aMessage(change), DEADLINE_MS)
  return { smsc, clock, provider, told, heard, send }
}

const answering =
  (command: string, command_status: number): Whim =>
  (pdu, session) => {
    if (pdu.command !== command) return undefined
    session.send(pdu.response({ command_status }))
    return 'handled'
  }
const silent =
  (command: string): Whim =>
  (pdu) =>
    pdu.command === command ? 'handled' : undefined

test('one session carries all messages, bound by the first', async () => {
  const { smsc, send } = await opened()
  expect(smsc.sessions).toHaveLength(0)
  const accepted = { kind: 'accepted', providerMessageId: 'M1', segments: 1, cost: undefined }
  expect(await send()).toEqual(accepted)
  await Promise.all([send(), send(), send()])
  expect(smsc.sessions).toHaveLength(1)
  const bind = { system_id: 'acme', password: 'secret12', interface_version: 0x34 }
  expect(smsc.of('bind_transceiver')).toMatchObject([bind])
})

test('a submit says who, to whom, how long and that a receipt is wanted', async () => {
  const { smsc, send } = await opened()
  await send()
  const [submit] = smsc.of('submit_sm')
  expect(submit).toMatchObject({
    source_addr_ton: 5,
    source_addr_npi: 0,
    source_addr: 'Acme',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: '447700900123',
    registered_delivery: 1,
    data_coding: 0,
    esm_class: 0,
    short_message: { message: '123456 is your code.' },
  })
  expect(submit?.validity_period).toBeInstanceOf(Date)
})

test.each([
  ['+447700900999', 1, 1, '447700900999'],
  ['447700900999', 1, 1, '447700900999'],
  ['62011', 3, 0, '62011'],
  ['My Shop', 5, 0, 'My Shop'],
])('the sender %s is of type %i', async (from, ton, npi, address) => {
  const { smsc, send } = await opened()
  await send({ from })
  const sender = { source_addr_ton: ton, source_addr_npi: npi, source_addr: address }
  expect(smsc.of('submit_sm')).toMatchObject([sender])
})

test('a sender that the protocol cannot say is not sent', async () => {
  const { smsc, send } = await opened()
  expect(await send({ from: '店' })).toMatchObject({ kind: 'failed' })
  expect(smsc.of('submit_sm')).toHaveLength(0)
})

test.each([
  [0x0b, 'refused', 'invalid_number'],
  [0x50, 'refused', 'invalid_number'],
  [0x51, 'refused', 'invalid_number'],
  [0x58, 'refused', 'throttled'],
  [0x14, 'refused', 'throttled'],
  [0x66, 'refused', 'blocked_by_carrier'],
  [0x01, 'failed', 'unknown'],
  [0x0a, 'failed', 'unknown'],
  [0x43, 'failed', 'unknown'],
  [0x45, 'failed', 'unknown'],
  [0x48, 'failed', 'unknown'],
  [0x49, 'failed', 'unknown'],
  [0x61, 'failed', 'unknown'],
  [0x62, 'failed', 'unknown'],
  [0x64, 'failed', 'unknown'],
  [0x65, 'failed', 'unknown'],
  [0x401, 'failed', 'unknown'],
  [0x08, 'unknown', 'unknown'],
  [0xfe, 'unknown', 'unknown'],
  [0xff, 'unknown', 'unknown'],
])('status %i is %s: %s', async (status, kind, error) => {
  const { send } = await opened(answering('submit_sm', status))
  const code = `smpp_0x${status.toString(16).padStart(2, '0')}`
  expect(await send()).toEqual({ kind, error: { kind: error, code, text: undefined } })
})

test.each([0x0d, 0x0e, 0x0f])('a bind refused with %i is our credentials', async (status) => {
  const { smsc, clock, send } = await opened(answering('bind_transceiver', status))
  const refusal = { kind: 'refused', error: { kind: 'credentials' } }
  expect(await send()).toMatchObject(refusal)
  expect(await send()).toMatchObject(refusal)
  expect(smsc.sessions).toHaveLength(1)
  clock.advance(1000)
  expect(await send()).toMatchObject(refusal)
  clock.advance(1000)
  await send()
  expect(smsc.sessions).toHaveLength(2)
})

test('an SMSC that is not there has surely not sent', async () => {
  const { smsc, send } = await opened()
  smsc.close()
  const down = { kind: 'failed', error: { kind: 'provider_down', code: 'econnrefused' } }
  expect(await send()).toMatchObject(down)
})

test('a bind without an answer has surely not sent', async () => {
  const { send } = await opened(silent('bind_transceiver'), { timeout_ms: 40 })
  expect(await send()).toMatchObject({ kind: 'failed', error: { kind: 'provider_down' } })
})

test('a submit without an answer may have been sent', async () => {
  const { send } = await opened(silent('submit_sm'), { timeout_ms: 1000 })
  expect(await send()).toMatchObject({ kind: 'unknown', error: { code: 'timeout' } })
})

test('a connection lost in the middle of a submit may have sent, and is made anew', async () => {
  let drops = 1
  const { smsc, send } = await opened((pdu, session) => {
    if (pdu.command !== 'submit_sm' || drops === 0) return undefined
    drops -= 1
    session.socket.destroy()
    return 'handled'
  })
  expect(await send()).toMatchObject({ kind: 'unknown' })
  expect(await send()).toMatchObject({ kind: 'accepted' })
  expect(smsc.sessions).toHaveLength(2)
})

test('a lost session is bound again without a send, since receipts come by it', async () => {
  const { smsc, send } = await opened(undefined, { rebind_ms: 10 })
  await send()
  smsc.latest().socket.destroy()
  expect(await smsc.seen('bind_transceiver', 2)).toHaveLength(2)
})

test('a session is bound when the provider is opened, and tried until it is there', async () => {
  let refusals = 2
  const { smsc, provider } = await opened(
    (pdu, session) => {
      if (pdu.command !== 'bind_transceiver' || refusals-- <= 0) return undefined
      session.send(pdu.response({ command_status: 0x05 }))
      return 'handled'
    },
    { rebind_ms: 10 },
  )
  provider.open?.()
  await smsc.seen('bind_transceiver', 3)
  expect(smsc.of('submit_sm')).toEqual([])
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  expect(await smsc.seen('deliver_sm_resp')).toMatchObject([{ command_status: 0 }])
})

test('a provider that was closed is not opened any more', async () => {
  const { smsc, provider } = await opened()
  await provider.close?.()
  provider.open?.()
  expect(smsc.sessions).toHaveLength(0)
})

test('a session over TLS carries messages and receipts', async () => {
  const certificate = selfSigned('127.0.0.1')
  const settings = { tls: true, tls_ca: certificate.cert, certificate }
  const { smsc, told, send } = await opened(undefined, settings)
  expect(await send()).toMatchObject({ kind: 'accepted', providerMessageId: 'M1' })
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp')
  expect(told).toMatchObject([{ providerMessageId: 'M1', status: 'delivered' }])
})

const OTHER = selfSigned('smsc.example.com')
test.each([
  ['that nobody vouches for', {}, 'depth_zero_self_signed_cert'],
  ['that somebody else signed', { tls_ca: selfSigned('127.0.0.1').cert }, ''],
  ['of another host', { tls_ca: OTHER.cert }, 'err_tls_cert_altname_invalid'],
])('an SMSC with a certificate %s hears no password', async (_, trust, code) => {
  const { smsc, send } = await opened(undefined, { tls: true, certificate: OTHER, ...trust })
  const down = { kind: 'failed', error: { kind: 'provider_down' } }
  const result = await send()
  expect(result).toMatchObject(down)
  expect(JSON.stringify(result)).toContain(code)
  expect(smsc.of('bind_transceiver')).toEqual([])
})

test('an SMSC that speaks no TLS has surely not sent', async () => {
  const { smsc, send } = await opened(undefined, { tls: true, timeout_ms: 500 })
  expect(await send()).toMatchObject({ kind: 'failed', error: { kind: 'provider_down' } })
  expect(smsc.of('bind_transceiver')).toEqual([])
})

test('a session that answers no enquiry is given up', async () => {
  const { smsc, send } = await opened(silent('enquire_link'), {
    enquire_link_ms: 20,
    rebind_ms: 10,
  })
  await send()
  await smsc.seen('enquire_link', 2)
  expect(await smsc.seen('bind_transceiver', 2)).toHaveLength(2)
})

test('no more submits wait for answers than the window lets', async () => {
  let open = 0
  let most = 0
  const { send } = await opened(
    (pdu, session) => {
      if (pdu.command !== 'submit_sm') return undefined
      open += 1
      most = Math.max(most, open)
      setImmediate(() => {
        open -= 1
        session.send(pdu.response({ message_id: 'X' }))
      })
      return 'handled'
    },
    { window: 3 },
  )
  const results = await Promise.all(Array.from({ length: 20 }, () => send()))
  expect(results.every(({ kind }) => kind === 'accepted')).toBe(true)
  expect(most).toBe(3)
})

test('a message that finds no place in the window has surely not been sent', async () => {
  const { send } = await opened(silent('submit_sm'), { window: 1, timeout_ms: 1000 })
  const [first, second] = await Promise.all([send(), send()])
  expect(first).toMatchObject({ kind: 'unknown' })
  expect(['window_full', 'timeout']).toContain(second?.kind !== 'accepted' && second?.error.code)
})

test('closing takes leave, and nothing is sent afterwards', async () => {
  const { smsc, provider, send } = await opened()
  await send()
  await provider.close?.()
  expect(smsc.of('unbind')).toHaveLength(1)
  expect(await send()).toMatchObject({ kind: 'failed', error: { code: 'session_closed' } })
})

test('nothing is asked after the deadline', async () => {
  const { smsc, provider } = await opened()
  const late = await provider.send(aMessage(), NOW_MS)
  expect(late).toMatchObject({ kind: 'failed', error: { code: 'deadline_passed' } })
  expect(smsc.sessions).toHaveLength(0)
})

test('a long text is accepted with all its parts and delivered with all of them', async () => {
  const { smsc, told, send } = await opened()
  const long = { kind: 'accepted', providerMessageId: 'M1', segments: 2 }
  expect(await send({ body: LONG })).toMatchObject(long)
  smsc.latest().send(receiptOf('M2', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp', 1)
  expect(told).toEqual([])
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp', 2)
  expect(told).toMatchObject([{ providerMessageId: 'M1', status: 'delivered' }])
})

test('a long text of which one part did not arrive did not arrive', async () => {
  const { smsc, told, send } = await opened()
  await send({ body: LONG })
  smsc.latest().send(receiptOf('M2', 'UNDELIV'))
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp', 2)
  expect(told).toMatchObject([{ providerMessageId: 'M1', status: 'undelivered' }])
})

test('receipts that overtake the answers of a long text wait for them', async () => {
  const { smsc, told, send } = await opened((pdu, session) => {
    if (pdu.command !== 'submit_sm') return undefined
    const id = `E${pdu.sequence_number}`
    session.send(receiptOf(id, 'DELIVRD'))
    session.send(pdu.response({ message_id: id }))
    return 'handled'
  })
  const result = await send({ body: LONG })
  await smsc.seen('deliver_sm_resp', 2)
  expect(result).toMatchObject({ kind: 'accepted', providerMessageId: 'E2' })
  expect(told).toMatchObject([{ providerMessageId: 'E2', status: 'delivered' }])
})

test('a receipt waits for the long texts that were under way when it came, not for those that follow', async () => {
  const answers: (() => void)[] = []
  const { smsc, told, heard, send } = await opened((pdu, session) => {
    if (pdu.command !== 'submit_sm') return undefined
    const id = `H${answers.length}`
    answers.push(() => session.send(pdu.response({ message_id: id })))
    return 'handled'
  })
  const short = send()
  await smsc.seen('submit_sm', 1)
  answers[0]?.()
  expect(await short).toMatchObject({ providerMessageId: 'H0' })
  const first = send({ body: LONG })
  await smsc.seen('submit_sm', 2)
  smsc.latest().send(receiptOf('H0', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp', 1)
  expect(told).toEqual([])
  const second = send({ body: LONG })
  await smsc.seen('submit_sm', 3)
  answers[1]?.()
  await smsc.seen('submit_sm', 4)
  answers[3]?.()
  await first
  await heard(1)
  expect(told).toMatchObject([{ providerMessageId: 'H0', status: 'delivered' }])
  answers[2]?.()
  await smsc.seen('submit_sm', 5)
  answers[4]?.()
  await second
})

test('a long text is delivered with its last part, although the process began anew between two receipts', async () => {
  const parts = new MemoryPartShelf()
  const before = await opened(undefined, { parts })
  await before.send({ body: LONG })
  before.smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  await before.smsc.seen('deliver_sm_resp')
  await before.provider.close?.()
  expect(before.told).toEqual([])
  const { smsc, provider, told } = await opened(undefined, { parts })
  provider.open?.()
  await smsc.seen('bind_transceiver')
  smsc.latest().send(receiptOf('M2', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp')
  expect(told).toMatchObject([{ providerMessageId: 'M1', status: 'delivered' }])
})

test('a long text whose parts could not be kept is accepted all the same', async () => {
  const parts: PartShelf = {
    keep: () => Promise.reject(new Error('no database')),
    tell: async () => undefined,
  }
  const { send } = await opened(undefined, { parts })
  expect(await send({ body: LONG })).toMatchObject({ kind: 'accepted', providerMessageId: 'M1' })
})

test('a long text whose second part is refused is refused', async () => {
  let submits = 0
  const { send } = await opened((pdu, session) => {
    if (pdu.command !== 'submit_sm' || ++submits === 1) return undefined
    session.send(pdu.response({ command_status: 0x58 }))
    return 'handled'
  })
  const refusal = { kind: 'refused', error: { kind: 'throttled' } }
  expect(await send({ body: LONG })).toMatchObject(refusal)
})

test('a duplicate receipt is told twice and answered twice', async () => {
  const { smsc, told, send } = await opened()
  await send()
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  const answers = await smsc.seen('deliver_sm_resp', 2)
  expect(answers.map(({ command_status }) => command_status)).toEqual([0, 0])
  expect(told).toHaveLength(2)
})

test('what no receipt is and what cannot be read are answered and end nothing', async () => {
  const { smsc, told, send } = await opened()
  await send()
  const session = smsc.latest()
  session.send(receiptOf('M1', 'NONSENSE'))
  session.send(receiptOf('M1', 'DELIVRD', { esm_class: 0 }))
  rawBytes(session, '0000001400000005000000000000006304270001')
  rawBytes(session, `0000001600000005000000000000006400000000ffff`)
  session.send(receiptOf('M1', 'DELIVRD'))
  await smsc.seen('deliver_sm_resp', 5)
  expect(told).toMatchObject([{ providerMessageId: 'M1', status: 'delivered' }])
  expect(await send()).toMatchObject({ kind: 'accepted' })
  expect(smsc.sessions).toHaveLength(1)
})

test('a stream that is out of step ends the session and not the process', async () => {
  const { smsc, send } = await opened(undefined, { rebind_ms: 10 })
  await send()
  rawBytes(smsc.latest(), 'ffffffff')
  await smsc.seen('bind_transceiver', 2)
  expect(await send()).toMatchObject({ kind: 'accepted' })
})

test('a receipt that could not be kept is asked for again', async () => {
  const smsc = await openSmsc()
  const onDelivery = () => Promise.reject(new Error('no database'))
  const settings = { ...SETTINGS, port: smsc.port }
  const session = { onDelivery, parts: new MemoryPartShelf() }
  const provider = openProvider(smppProvider, settings, { session })
  onTestFinished(() => provider.close?.())
  await provider.send(aMessage(), DEADLINE_MS)
  smsc.latest().send(receiptOf('M1', 'DELIVRD'))
  expect(await smsc.seen('deliver_sm_resp')).toMatchObject([{ command_status: 0x64 }])
})

test('settings that cannot be are refused by name', () => {
  const wrong = { ...SETTINGS, password: 'longer than 8', window: 0, host: 'a b' }
  const parsed = smppProvider.settings.safeParse(wrong)
  const names = parsed.error?.issues.map(({ path }) => path.join('.'))
  expect(names?.toSorted()).toEqual(['host', 'password', 'window'])
})

test('a Worker says that the kind needs Node', () => {
  const prepared = WORKER_KINDS.find(({ kind }) => kind === 'smpp')?.prepare(SETTINGS)
  expect(prepared).toMatchObject([{ message: expect.stringContaining('needs the Node server') }])
})
