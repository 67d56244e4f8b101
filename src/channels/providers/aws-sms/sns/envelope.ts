import * as z from 'zod'

const common = {
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
}
const confirming = { ...common, Token: z.string(), SubscribeURL: z.string() }

/** What SNS posts, unless a subscription asks for the bare message. */
export const envelopeSchema = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...common, Subject: z.string().nullish() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...confirming }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...confirming }),
])
export type SnsEnvelope = z.infer<typeof envelopeSchema>

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
]

/** What SNS signs: names and values in lines, in this order; a subject only where there is one. */
export function signedText(envelope: SnsEnvelope): string {
  const fields: Readonly<Record<string, unknown>> = envelope
  const names = envelope.Type === 'Notification' ? NOTIFICATION : CONFIRMATION
  return names
    .filter((name) => fields[name] != null)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('')
}
