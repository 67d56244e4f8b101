import type { Unaccepted } from '../../../domain/send.ts'
import {
  callInJson,
  type JsonResource,
  type VendorAnswer,
  type VendorCaller,
} from '../../vendor-call.ts'
import type { SinchSettings } from './settings.ts'

export type Caller = VendorCaller<SinchSettings>

/** `path` is below the service plan. */
export function callSinch(
  caller: Caller,
  { path, body }: JsonResource,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { endpoint, service_plan_id, api_token, region } = caller.settings
  const origin = endpoint ?? `https://${region}.sms.api.sinch.com`
  const url = `${origin}/xms/v1/${service_plan_id}/${path}`
  return callInJson(
    caller,
    { url, headers: { authorization: `Bearer ${api_token}` }, body },
    deadlineMs,
  )
}
