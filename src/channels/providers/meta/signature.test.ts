import { expect, test } from 'vitest'
import { hubSignature } from './signature.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

// GitHub publishes a vector of the identical scheme; the other one is our own, of a body as this vendor sends it.
test('the published signature', () => {
  expect(hubSignature("It's a Secret to Everybody", bytes('Hello, World!'))).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  )
})

test('the signature of a status', () => {
  const body =
    '{"object":"whatsapp_business_account","entry":[{"id":"WABA","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","statuses":[{"id":"wamid.X","status":"delivered","timestamp":"1767323045","recipient_id":"14155552345"}]}}]}]}'
  expect(hubSignature('appsecret', bytes(body))).toBe(
    'sha256=e62659c123e3cea33472aa2756d6e830662ae29f2a852fa7f3bc11611e24c2ef',
  )
})
