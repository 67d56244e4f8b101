import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import { type BirdSettings, originOf } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: BirdSettings
}

type BirdRequest = {
  /** Below the messages, such as an id behind a slash, or a query. */
  readonly path?: string
  /** Makes it a POST. The key is what makes the vendor take it once, however often it comes. */
  readonly post?: { readonly idempotencyKey: string; readonly body: unknown }
}

export function callBird(
  { platform, settings }: Caller,
  { path = '', post }: BirdRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { api_key, timeout_ms: timeoutMs } = settings
  const url = `${originOf(settings)}/v1/sms/messages${path}`
  const authorization = `Bearer ${api_key}`
  const headers =
    post === undefined
      ? { authorization }
      : { authorization, 'idempotency-key': post.idempotencyKey }
  const request = jsonRequest({ url, headers, body: post?.body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}

/** Our id in the metadata, which the vendor gives back in every webhook and look-up. */
export const REFERENCE = 'send'
