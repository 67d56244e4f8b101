import type { Unaccepted } from '../../../domain/send.ts'
import { basicAuthorization } from '../../signing.ts'
import {
  callInJson,
  type JsonResource,
  type VendorAnswer,
  type VendorCaller,
} from '../../vendor-call.ts'
import type { PlivoSettings } from './settings.ts'

export type Caller = VendorCaller<PlivoSettings>

/** `path` is below the account's messages, such as an id with a slash. */
export function callPlivo(
  caller: Caller,
  { path = '', body }: Partial<JsonResource>,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { auth_id, auth_token, endpoint } = caller.settings
  const url = `${endpoint}/v1/Account/${auth_id}/Message/${path}`
  const authorization = basicAuthorization(auth_id, auth_token)
  const headers = { 'content-type': 'application/json', authorization }
  return callInJson(caller, { url, headers, body }, deadlineMs)
}

/** The vendor gives nothing of ours back, so our id goes along in the address that it calls. */
export const REFERENCE = 'reference'
