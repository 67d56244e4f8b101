import type { Unaccepted } from '../../../domain/send.ts'
import { callVendor, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import { type AwsSmsSettings, originOf } from './settings.ts'
import { signedHeaders } from './signature.ts'

export type Caller = VendorCaller<AwsSmsSettings>

type Action = { readonly action: string; readonly parameters: Readonly<Record<string, unknown>> }

/** One signed call. Parameters that are undefined are left out. */
export async function callAws(
  { platform, settings }: Caller,
  { action, parameters }: Action,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { access_key_id, secret_access_key, session_token, region } = settings
  const url = `${originOf(settings)}/`
  const body = JSON.stringify(parameters)
  const fixed = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `PinpointSMSVoiceV2.${action}`,
  }
  const key = { id: access_key_id, secret: secret_access_key, sessionToken: session_token, region }
  const request = { url, headers: fixed, body, nowMs: platform.nowMs() }
  const headers = await signedHeaders(request, key)
  const limits = { platform, deadlineMs, timeoutMs: settings.timeout_ms }
  return callVendor({ url, headers, body }, limits)
}

/** Our id in the context, which the vendor gives back in every event. */
export const REFERENCE = 'send'
