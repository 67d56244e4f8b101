import type { Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { callVendor, jsonRequest, type VendorAnswer } from '../../vendor-call.ts'
import type { SinchSettings } from './settings.ts'

export type Caller = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly settings: SinchSettings
}

type SinchRequest = {
  /** Below the service plan, with its query. */
  readonly path: string
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, unknown>>
}

export function callSinch(
  { platform, settings }: Caller,
  { path, body }: SinchRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const { service_plan_id, api_token, region, timeout_ms: timeoutMs } = settings
  const origin = settings.endpoint ?? `https://${region}.sms.api.sinch.com`
  const url = `${origin}/xms/v1/${service_plan_id}/${path}`
  const headers = { authorization: `Bearer ${api_token}` }
  const request = jsonRequest({ url, headers, body })
  return callVendor(request, { platform, deadlineMs, timeoutMs })
}

/** The vendor's form of a number: without the plus. */
export const msisdnOf = (to: string): string => to.replace(/^\+/, '')
