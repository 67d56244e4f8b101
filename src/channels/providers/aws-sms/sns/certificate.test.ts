import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicKeyIn } from './certificate.ts'

const byNode = (pem: string): Buffer =>
  new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })

test('the key of every root certificate that Node trusts is what Node reads', () => {
  expect(rootCertificates.length).toBeGreaterThan(100)
  for (const pem of rootCertificates) {
    expect(Buffer.from(publicKeyIn(pem) ?? [])).toEqual(byNode(pem))
  }
})

const ROOT = rootCertificates[0] ?? ''
const derOf = (pem: string) => new Uint8Array(new X509Certificate(pem).raw)
const pemOf = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`

test('what is no certificate has no key', () => {
  for (const wrong of [
    '',
    'no pem',
    pemOf(new Uint8Array()),
    pemOf(Uint8Array.of(0x30)),
    pemOf(Uint8Array.of(0x30, 0x80, 0, 0)),
    pemOf(Uint8Array.of(0x30, 0x85, 1, 1, 1, 1, 1)),
    pemOf(Uint8Array.of(0x30, 0x02, 0x30, 0x00)),
    pemOf(Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00)),
    ROOT.replace('BEGIN CERTIFICATE', 'BEGIN PUBLIC KEY'),
    ROOT.replace('MII', 'M%I'),
  ]) {
    expect(publicKeyIn(wrong)).toBeUndefined()
  }
})

test('a certificate cut short has no key, and none with a wrong byte makes it throw', () => {
  const der = derOf(ROOT)
  void fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
      expect(publicKeyIn(pemOf(der.subarray(0, at)))).toBeUndefined()
      const changed = der.with(at, byte)
      expect(() => publicKeyIn(pemOf(changed))).not.toThrow()
    }),
  )
})
