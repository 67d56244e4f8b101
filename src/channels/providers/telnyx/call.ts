import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import type { TelnyxSettings } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: TelnyxSettings
}

/** A GET, or a POST where there is a body. `path` is below the version and has its query. */
export function callTelnyx(
  { platform, settings }: Caller,
  { path, body }: { readonly path: string; readonly body?: Readonly<Record<string, unknown>> },
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { api_key, endpoint, timeout_ms: timeoutMs } = settings
  const url = `${endpoint}/v2/${path}`
  const headers = { authorization: `Bearer ${api_key}` }
  const request = jsonRequest({ url, headers, body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}
