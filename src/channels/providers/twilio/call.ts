import type { Unaccepted } from '../../../domain/send.ts'
import { basicAuthorization, type FormFields, formText } from '../../signing.ts'
import { callVendor, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import type { TwilioSettings } from './settings.ts'

const FORM_TYPE = 'application/x-www-form-urlencoded'

export type Caller = VendorCaller<TwilioSettings>

type TwilioRequest = {
  readonly method: 'GET' | 'POST'
  /** Below the account, such as `Messages.json`. */
  readonly resource: string
  /** In the body of a POST, in the query of a GET. */
  readonly fields?: FormFields
}

/** One authorised call to the account. */
export function callTwilio(
  { platform, settings }: Caller,
  { method, resource, fields = {} }: TwilioRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { account_sid, auth_token, api_key, endpoint, timeout_ms: timeoutMs } = settings
  const text = formText(fields)
  const url = `${endpoint}/2010-04-01/Accounts/${account_sid}/${resource}`
  const authorization = basicAuthorization(
    api_key?.sid ?? account_sid,
    api_key?.secret ?? auth_token,
  )
  const headers = { accept: 'application/json', authorization }
  const request =
    method === 'POST'
      ? { url, method, headers: { ...headers, 'content-type': FORM_TYPE }, body: text }
      : { url: text === '' ? url : `${url}?${text}`, method, headers }
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}

/** The vendor gives nothing of ours back, so our id goes along in the address that it calls. */
export const callbackFor = (receiptUrl: string | undefined, id: string): string | undefined =>
  receiptUrl && `${receiptUrl}?${REFERENCE}=${id}`
export const REFERENCE = 'reference'
