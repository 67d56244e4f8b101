import type { Unaccepted } from '../../../domain/send.ts'
import { callVendor, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import { siteOf, type TencentSettings } from './settings.ts'
import { tc3Authorization } from './signature.ts'

const VERSION = '2021-01-11'
const SERVICE = 'sms'
const CONTENT_TYPE = 'application/json'

export type Caller = VendorCaller<TencentSettings>

type Action = { readonly action: string; readonly parameters: Readonly<Record<string, unknown>> }

/** One signed call. Parameters that are undefined are left out. */
export function callTencent(
  { platform, settings }: Caller,
  { action, parameters }: Action,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { origin, region } = siteOf(settings)
  const body = JSON.stringify(parameters)
  const timestampSeconds = Math.floor(platform.nowMs() / 1000)
  // The runtime writes the Host header itself; the vendor signs it without a port.
  const signed = { 'content-type': CONTENT_TYPE, host: new URL(origin).hostname }
  const authorization = tc3Authorization(
    { service: SERVICE, timestampSeconds, headers: signed, body },
    { id: settings.secret_id, secret: settings.secret_key },
  )
  const headers = {
    'content-type': CONTENT_TYPE,
    'x-tc-action': action,
    'x-tc-region': region,
    'x-tc-timestamp': String(timestampSeconds),
    'x-tc-version': VERSION,
    authorization,
  }
  return callVendor(
    { url: `${origin}/`, headers, body },
    { platform, deadlineMs, timeoutMs: settings.timeout_ms },
  )
}
