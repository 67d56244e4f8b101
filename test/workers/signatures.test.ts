import { expect, test } from 'vitest'
import { signedHeaders } from '../../src/channels/providers/aws-sms/signature.ts'
import { envelopeSchema } from '../../src/channels/providers/aws-sms/sns/envelope.ts'
import { createVerifier } from '../../src/channels/providers/aws-sms/sns/verifier.ts'
import { isSignedByTelnyx } from '../../src/channels/providers/telnyx/signature.ts'
import { openTopic, TOPIC_ARN } from '../providers/sns-topic.ts'

/** What is not ours but the runtime's: RSA with both hashes, Ed25519, and the signer that asks WebCrypto for each step. */
test.each(['1', '2'] as const)(
  'a Worker checks version %s of the signature of SNS',
  async (version) => {
    const topic = await openTopic()
    const fields = {
      Type: 'Notification',
      MessageId: 'n1',
      TopicArn: TOPIC_ARN,
      Message: '{}',
      Timestamp: '2026-01-02T03:04:05.000Z',
    }
    const fetching: typeof fetch = async () => new Response(topic.pem)
    const platform = { nowMs: () => 0, fetch: fetching }
    const verify = createVerifier({ platform, timeoutMs: 5_000 })
    const signed = envelopeSchema.parse(await topic.sign(fields, version))
    expect(await verify(signed)).toBe('proven')
    expect(await verify({ ...signed, Message: '{"a":1}' })).toBe('unproven')
  },
)

test('a Worker checks Ed25519', async () => {
  // The vector of the provider's own test.
  const publicKey = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
  const body =
    '{"data":{"event_type":"message.finalized","id":"evt1","payload":{"id":"msg1","to":[{"phone_number":"+14155552345","status":"delivered"}]}}}'
  const headers = new Headers({
    'telnyx-timestamp': '1767323045',
    'telnyx-signature-ed25519':
      '00s95aJNFs3/4lCJD+DuO1MeqiCq64Cunb7whmZamb/2u6eVBppMAkmFcVX4K2FGN/huIxstUXRk82L2+8jbDw==',
  })
  const request = { headers, body: new TextEncoder().encode(body) }
  expect(await isSignedByTelnyx(request, publicKey, 1_767_323_045_000)).toBe(true)
  expect(
    await isSignedByTelnyx({ ...request, body: new Uint8Array() }, publicKey, 1_767_323_045_000),
  ).toBe(false)
})

test('a Worker signs by Signature Version 4', async () => {
  const signed = await signedHeaders(
    {
      url: 'https://sms-voice.us-east-1.amazonaws.com/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
      },
      body:
        '{"DestinationPhoneNumber":"+14155552345","OriginationIdentity":"+12065550100",' +
        '"MessageBody":"Your code is 123456","MessageType":"TRANSACTIONAL"}',
      nowMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    },
    {
      id: 'AKIDEXAMPLE',
      secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
    },
  )
  expect(signed.get('authorization')).toContain(
    'Signature=7434d757f2d35fae06a41e0e58a2d2db37037eb993439b3e527e475fd3450524',
  )
})
