import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvent, toReplayEvent } from './replay-events.ts'
import { eventSchema } from './replay-format.ts'
import { isSurely } from './replay-shapes.ts'

const ISSUE = {
  type: 'issue',
  t: 1_767_571_213_367,
  ref: 'r-1',
  tenant: 'shop-gb',
  to: '+447400020404',
  channel: 'sms',
  purpose: 'login',
  ip: '90.194.132.189',
  network: { country: 'GB', asn: 5607 },
  user_agent: 'Mozilla/5.0',
  accept_language: 'en-GB',
  client_hints: { mobile: '?1', platform: 'Android' },
  device_id: 'd-1',
  ja4: null,
  session_age_ms: 26_656,
  solves_challenge: true,
}
const CHECK = { type: 'check', t: 1, ref: 'r-1', correct: true }
const DELIVERY = { type: 'delivery', t: 1, ref: 'r-1', status: 'delivered' }
const REPORT = { type: 'report', t: 1, ref: 'r-1', label: 'fraud' }
const WHOLE = [ISSUE, CHECK, DELIVERY, { type: 'completed', t: 1, ref: 'r-1' }, REPORT]

/** Of every sort that a field may wrongly have, and some that it may rightly have, at the edges of what is allowed. */
const anyValue = fc.oneof(
  fc.constantFrom(null, true, false, 0, -0, -1, 0.5, 1e300, 2 ** 53, '', 'sms', 'voice', 'legit'),
  fc.constantFrom('undelivered', 'issue', 'check', 'x'.repeat(40), 'x'.repeat(41)),
  fc.constantFrom('x'.repeat(200), 'x'.repeat(201), 'x'.repeat(4_000), 'x'.repeat(4_001)),
  fc.constantFrom([], {}, { country: null }, { asn: 1.5 }, { mobile: 1 }, { platform: null }),
  fc.constantFrom({ country: 'GB', asn: -7 }, { country: 7 }, { mobile: '?0', platform: '' }),
)
const events = fc.constantFrom(...WHOLE).chain((whole) =>
  fc.record({
    whole: fc.constant(whole),
    changed: fc.dictionary(
      fc.constantFrom(...Object.keys(ISSUE), 'test_number', 'correct', 'status'),
      anyValue,
    ),
    dropped: fc.subarray(Object.keys(whole), { maxLength: 2 }),
  }),
)

test('a line is read as the schema reads it, whatever is wrong with it', () => {
  fc.assert(
    fc.property(events, ({ whole, changed, dropped }) => {
      const event: Record<string, unknown> = { ...whole, ...changed, truth: 'legit' }
      for (const field of dropped) delete event[field]
      const json: unknown = JSON.parse(JSON.stringify(event))
      const bySchema = eventSchema.safeParse(json)
      const read = readEvent(JSON.stringify(event))
      expect(read.kind).toBe(bySchema.success ? 'event' : 'malformed')
      if (isSurely(json)) expect(bySchema.success).toBe(true)
      if (bySchema.success && read.kind === 'event') {
        expect(read.event).toMatchObject(toReplayEvent(bySchema.data))
      }
    }),
    { numRuns: 5_000 },
  )
})

test.each(WHOLE)('a whole event of type $type is known at a glance', (event) => {
  expect(isSurely(event)).toBe(true)
  expect(isSurely({ ...event, truth: 'fraud' })).toBe(true)
})

test.each([
  ['{', 'not JSON'],
  ['[]', 'event: '],
  ['{"type":"issue"}', 't: '],
  ['{"type":"check","t":1,"ref":"r","correct":1}', 'correct: '],
  ['{"type":"check","t":1e999,"ref":"r","correct":true}', 't: '],
  [JSON.stringify({ ...ISSUE, network: { asn: 'x' } }), 'network.asn: '],
  [JSON.stringify({ ...ISSUE, tenant: '' }), 'tenant: '],
])('%s is refused with the name of its field', (line, reason) => {
  expect(readEvent(line)).toEqual({ kind: 'malformed', reason: expect.stringContaining(reason) })
})
