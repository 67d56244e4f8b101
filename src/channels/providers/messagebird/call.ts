import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import type { MessageBirdSettings } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: MessageBirdSettings
}

type MessageBirdRequest = {
  /** Below the messages, such as an id behind a slash, or a query. */
  readonly path?: string
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, unknown>>
}

export function callMessageBird(
  { platform, settings }: Caller,
  { path = '', body }: MessageBirdRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { access_key, endpoint, timeout_ms: timeoutMs } = settings
  const url = `${endpoint}/messages${path}`
  const headers = { authorization: `AccessKey ${access_key}` }
  const request = jsonRequest({ url, headers, body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}

/** The vendor's form of a number: without the plus. */
export const msisdnOf = (to: string): string => to.replace(/^\+/, '')
