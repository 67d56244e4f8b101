import { toHex } from '../../../domain/ids.ts'
import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { sha256Hex } from '../../signing.ts'
import { callVendor, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import { type AccountSettings, originOf } from './settings.ts'
import { acs3Authorization, canonicalQuery } from './signature.ts'

const NONCE_BYTES = 32
const EMPTY_HASH = sha256Hex('')

export type AliyunAction = {
  readonly action: string
  readonly version: string
  /** Those that are undefined are left out. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

type Caller = VendorCaller<AccountSettings> & { readonly platform: Pick<Platform, 'randomBytes'> }

/** One signed call. Everything is in the query and the body is empty, as the vendor's SDK does it. */
export function callAliyun(
  { platform, settings }: Caller,
  { action, version, parameters }: AliyunAction,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const origin = originOf(settings)
  const query = Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const headers = {
    accept: 'application/json',
    'x-acs-action': action,
    'x-acs-content-sha256': EMPTY_HASH,
    'x-acs-date': new Date(platform.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': toHex(platform.randomBytes(NONCE_BYTES)),
    'x-acs-version': version,
  }
  // The runtime writes the Host header itself, so it is signed but not set.
  const signed = [...Object.entries(headers), ['host', new URL(origin).host] as const]
  const authorization = acs3Authorization(
    { method: 'POST', path: '/', query, headers: signed, payloadHash: EMPTY_HASH },
    { id: settings.access_key_id, secret: settings.access_key_secret },
  )
  return callVendor(
    { url: `${origin}/?${canonicalQuery(query)}`, headers: { ...headers, authorization } },
    { platform, deadlineMs, timeoutMs: settings.timeout_ms },
  )
}
