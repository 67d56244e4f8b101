import type { Unaccepted } from '../../../domain/send.ts'
import {
  callInJson,
  type JsonResource,
  type VendorAnswer,
  type VendorCaller,
} from '../../vendor-call.ts'
import type { TelnyxSettings } from './settings.ts'

export type Caller = VendorCaller<TelnyxSettings>

/** `path` is below the version. */
export function callTelnyx(
  caller: Caller,
  { path, body }: JsonResource,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { api_key, endpoint } = caller.settings
  const headers = { authorization: `Bearer ${api_key}` }
  return callInJson(caller, { url: `${endpoint}/v2/${path}`, headers, body }, deadlineMs)
}
