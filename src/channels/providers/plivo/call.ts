import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { basicAuthorization } from '../../signing.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import type { PlivoSettings } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: PlivoSettings
}

type PlivoRequest = {
  /** Below the account's messages, such as an id with a slash, or a query. */
  readonly path?: string
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, unknown>>
}

export function callPlivo(
  { platform, settings }: Caller,
  { path = '', body }: PlivoRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { auth_id, auth_token, endpoint, timeout_ms: timeoutMs } = settings
  const url = `${endpoint}/v1/Account/${auth_id}/Message/${path}`
  const authorization = basicAuthorization(auth_id, auth_token)
  const headers = { 'content-type': 'application/json', authorization }
  const request = jsonRequest({ url, headers, body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}

/** The vendor gives nothing of ours back, so our id goes along in the address that it calls. */
export const REFERENCE = 'reference'
