import { expect, test } from 'vitest'
import { isSignedByTelnyx } from './signature.ts'

// Signed with the key pair of RFC 8032, section 7.1, test 1, and accepted by the vendor's own verifier.
const PUBLIC_KEY = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
const SECONDS = 1_767_323_045
const BODY =
  '{"data":{"event_type":"message.finalized","id":"evt1","payload":{"id":"msg1","to":[{"phone_number":"+14155552345","status":"delivered"}]}}}'
const SIGNATURE =
  '00s95aJNFs3/4lCJD+DuO1MeqiCq64Cunb7whmZamb/2u6eVBppMAkmFcVX4K2FGN/huIxstUXRk82L2+8jbDw=='

const signed = ({ seconds = String(SECONDS), signature = SIGNATURE, body = BODY } = {}) => ({
  headers: new Headers({ 'telnyx-timestamp': seconds, 'telnyx-signature-ed25519': signature }),
  body: new TextEncoder().encode(body),
})
const NOW_MS = SECONDS * 1000

test('the vector is believed for five minutes', async () => {
  expect(await isSignedByTelnyx(signed(), PUBLIC_KEY, NOW_MS)).toBe(true)
  expect(await isSignedByTelnyx(signed(), PUBLIC_KEY, NOW_MS + 300_000)).toBe(true)
  expect(await isSignedByTelnyx(signed(), PUBLIC_KEY, NOW_MS + 300_001)).toBe(false)
  expect(await isSignedByTelnyx(signed(), PUBLIC_KEY, NOW_MS - 300_001)).toBe(false)
})

test.each([
  ['another time', { seconds: String(SECONDS + 1) }],
  ['no time', { seconds: '' }],
  ['another body', { body: `${BODY} ` }],
  ['no signature', { signature: '' }],
  ['a signature cut short', { signature: SIGNATURE.slice(0, -4) }],
  ['a signature that is no base64', { signature: '%' }],
])('%s is not believed', async (_claim, change) => {
  expect(await isSignedByTelnyx(signed(change), PUBLIC_KEY, NOW_MS)).toBe(false)
})

test('another key is not believed', async () => {
  const key = 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='
  expect(await isSignedByTelnyx(signed(), key, NOW_MS)).toBe(false)
})
