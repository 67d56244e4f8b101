import type { Unaccepted } from '../../../domain/send.ts'
import {
  callInJson,
  type JsonResource,
  type VendorAnswer,
  type VendorCaller,
} from '../../vendor-call.ts'
import type { MessageBirdSettings } from './settings.ts'

export type Caller = VendorCaller<MessageBirdSettings>

/** `path` is below the messages, such as an id behind a slash. */
export function callMessageBird(
  caller: Caller,
  { path = '', body }: Partial<JsonResource>,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { access_key, endpoint } = caller.settings
  const headers = { authorization: `AccessKey ${access_key}` }
  return callInJson(caller, { url: `${endpoint}/messages${path}`, headers, body }, deadlineMs)
}
