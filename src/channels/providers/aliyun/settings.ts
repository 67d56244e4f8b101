import type * as z from 'zod'
import {
  endpointSetting,
  receiptTokenSetting,
  regionSetting,
  secretSetting,
  timeoutSetting,
} from '../../provider-settings.ts'

/** What both versions of the API need. */
export const accountSettings = {
  access_key_id: secretSetting,
  access_key_secret: secretSetting,
  /** Another server than that of the region. */
  endpoint: endpointSetting.optional(),
  timeout_ms: timeoutSetting,
  /** Without it receipts are refused: the vendor signs none. */
  receipt_token: receiptTokenSetting.optional(),
}

/** Hosts that are not called after their region. */
const HOSTS: Readonly<Record<string, string>> = {
  'ap-southeast-1': 'dysmsapi.ap-southeast-1.aliyuncs.com',
  'ap-southeast-5': 'dysmsapi.ap-southeast-5.aliyuncs.com',
  'cn-beijing': 'dysmsapi-proxy.cn-beijing.aliyuncs.com',
  'cn-hongkong': 'dysmsapi-xman.cn-hongkong.aliyuncs.com',
  'eu-central-1': 'dysmsapi.eu-central-1.aliyuncs.com',
  'us-east-1': 'dysmsapi.us-east-1.aliyuncs.com',
}
const MAINLAND_HOST = 'dysmsapi.aliyuncs.com'

export const domesticRegion = regionSetting.refine(
  (region) => region in HOSTS || region.startsWith('cn-'),
  `expected a mainland region (cn-hangzhou) or one of ${Object.keys(HOSTS).join(', ')}`,
)
export const internationalRegion = regionSetting.refine(
  (region) => region in HOSTS,
  `expected one of ${Object.keys(HOSTS).join(', ')}`,
)

/** Without a slash at its end. */
export const originOf = (settings: {
  readonly region: string
  readonly endpoint?: string | undefined
}): string => settings.endpoint ?? `https://${HOSTS[settings.region] ?? MAINLAND_HOST}`

export type AccountSettings = z.infer<z.ZodObject<typeof accountSettings>> & {
  readonly region: string
}
