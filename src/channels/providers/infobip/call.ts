import type { Unaccepted } from '../../../domain/send.ts'
import {
  callInJson,
  type JsonResource,
  type VendorAnswer,
  type VendorCaller,
} from '../../vendor-call.ts'
import type { InfobipSettings } from './settings.ts'

export type Caller = VendorCaller<InfobipSettings>

export function callInfobip(
  caller: Caller,
  { path, body }: JsonResource,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { endpoint, subdomain, api_key } = caller.settings
  const url = `${endpoint ?? `https://${subdomain}.api.infobip.com`}${path}`
  const headers = { 'content-type': 'application/json', authorization: `App ${api_key}` }
  return callInJson(caller, { url, headers, body }, deadlineMs)
}
