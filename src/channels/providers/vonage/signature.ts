import { toHex } from '../../../domain/ids.ts'
import { hashOf, hmacOf } from '../../signing.ts'

/** As the vendor's SDK names them; the first is what an account has that chose none. */
export const SIGNATURE_METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const
export type SignatureMethod = (typeof SIGNATURE_METHODS)[number]

type SignedFields = Readonly<Record<string, string>>
type SignatureKey = { readonly method: SignatureMethod; readonly secret: string }

/** `sig` of a text's receipt, lower-case hex: all other fields by name, their separators made harmless, with the account's secret. */
export function vonageSignature(fields: SignedFields, { method, secret }: SignatureKey): string {
  const text = Object.entries(fields)
    .filter(([name]) => name !== 'sig')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`)
    .join('')
  if (method === 'md5hash') return toHex(hashOf('md5', text + secret))
  return toHex(hmacOf(method, secret, text))
}
