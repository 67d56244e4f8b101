import { toBase64 } from '../../src/channels/signing.ts'

export const TOPIC_ARN = 'arn:aws:sns:eu-west-1:123456789012:sms-events'
const HOST = 'https://sns.eu-west-1.amazonaws.com'
export const CERTIFICATE_URL = `${HOST}/SimpleNotificationService-0a1b.pem`
export const SUBSCRIBE_URL = `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC_ARN}&Token=abc`

type Fields = Readonly<Record<string, string>>
type SignatureVersion = '1' | '2'

/** An SNS of this machine: it signs as the real one does and has a certificate to be fetched. */
export type SnsTopic = {
  readonly pem: string
  readonly sign: (fields: Fields, version?: SignatureVersion) => Promise<Fields>
}

const ALGORITHM = 'RSASSA-PKCS1-v1_5'
const SIGNED = [
  'Message',
  'MessageId',
  'Subject',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
]

export async function openTopic(): Promise<SnsTopic> {
  const publicExponent = Uint8Array.of(1, 0, 1)
  const sha256 = { name: ALGORITHM, hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(
    { ...sha256, modulusLength: 2048, publicExponent },
    true,
    ['sign', 'verify'],
  )
  // One key for both versions, as with the real one.
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  const sha1 = { name: ALGORITHM, hash: 'SHA-1' }
  const keyOf = {
    '1': await crypto.subtle.importKey('pkcs8', pkcs8, sha1, false, ['sign']),
    '2': pair.privateKey,
  }
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  return {
    pem: certificatePem(spki),
    sign: async (fields, version = '1') => {
      const names = SIGNED.filter((name) => name in fields)
      const text = names.map((name) => `${name}\n${fields[name]}\n`).join('')
      const bytes = new TextEncoder().encode(text)
      const signature = await crypto.subtle.sign(ALGORITHM, keyOf[version], bytes)
      return {
        SignatureVersion: version,
        SigningCertURL: CERTIFICATE_URL,
        Signature: toBase64(new Uint8Array(signature)),
        ...fields,
      }
    },
  }
}

const SEQUENCE = 0x30
const INTEGER = 0x02
const VERSION = 0xa0

/** A certificate of nobody for this key, with everything in its place and a signature that nobody looks at. */
function certificateOf(spki: Uint8Array): Uint8Array {
  const version = der(VERSION, der(INTEGER, Uint8Array.of(2)))
  const empty = der(SEQUENCE)
  const serial = der(INTEGER, Uint8Array.of(1))
  return der(SEQUENCE, der(SEQUENCE, version, serial, empty, empty, empty, empty, spki), empty)
}

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = parts.flatMap((part) => [...part])
  const { length } = content
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Uint8Array.from([...head, ...content])
}

export const certificatePem = (spki: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(certificateOf(spki))}\n-----END CERTIFICATE-----\n`
