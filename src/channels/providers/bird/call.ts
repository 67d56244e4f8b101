import type { Unaccepted } from '../../../domain/send.ts'
import { callInJson, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import { type BirdSettings, originOf } from './settings.ts'

export type Caller = VendorCaller<BirdSettings>

type BirdRequest = {
  /** Below the messages, such as an id behind a slash, or a query. */
  readonly path?: string
  /** Makes it a POST. The key is what makes the vendor take it once, however often it comes. */
  readonly post?: { readonly idempotencyKey: string; readonly body: unknown }
}

export function callBird(
  caller: Caller,
  { path = '', post }: BirdRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const url = `${originOf(caller.settings)}/v1/sms/messages${path}`
  const authorization = `Bearer ${caller.settings.api_key}`
  const headers =
    post === undefined
      ? { authorization }
      : { authorization, 'idempotency-key': post.idempotencyKey }
  return callInJson(caller, { url, headers, body: post?.body }, deadlineMs)
}

/** Our id in the metadata, which the vendor gives back in every webhook and look-up. */
export const REFERENCE = 'send'
