import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex')

/** One value of DER: its tag, its length, its content. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const SEQUENCE = 0x30
const ECDSA_WITH_SHA256 = der(SEQUENCE, der(0x06, bytesOf('2a8648ce3d040302')))
const COMMON_NAME = der(0x06, bytesOf('550403'))
const SUBJECT_ALT_NAME = der(0x06, bytesOf('551d11'))
const FROM = '000101000000Z'
const TO = '491231235959Z'

/** A certificate that vouches for itself, as RFC 5280 has it, for one IPv4 address or host name. */
export function selfSigned(host: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = der(
    SEQUENCE,
    der(0x31, der(SEQUENCE, COMMON_NAME, der(0x0c, Buffer.from('SMSC of a test')))),
  )
  const isAddress = /^[\d.]+$/.test(host)
  const subject = isAddress
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host))
  const alternatives = der(SEQUENCE, SUBJECT_ALT_NAME, der(0x04, der(SEQUENCE, subject)))
  const certified = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    name,
    der(SEQUENCE, der(0x17, Buffer.from(FROM)), der(0x17, Buffer.from(TO))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, alternatives)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', certified, privateKey))
  const whole = der(SEQUENCE, certified, ECDSA_WITH_SHA256, signature)
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
