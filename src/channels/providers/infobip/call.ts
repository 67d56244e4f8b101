import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import type { InfobipSettings } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: InfobipSettings
}

type InfobipRequest = {
  /** With its query. */
  readonly path: string
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, unknown>>
}

export function callInfobip(
  { platform, settings }: Caller,
  { path, body }: InfobipRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { subdomain, api_key, timeout_ms: timeoutMs } = settings
  const url = `${settings.endpoint ?? `https://${subdomain}.api.infobip.com`}${path}`
  const headers = { 'content-type': 'application/json', authorization: `App ${api_key}` }
  const request = jsonRequest({ url, headers, body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}
