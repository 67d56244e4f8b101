import * as z from 'zod'
import {
  endpointSetting,
  lineSetting,
  receiptTokenSetting,
  regionSetting,
  secretSetting,
  timeoutSetting,
} from '../../provider-settings.ts'
import { countedTemplates } from '../../template-choice.ts'

export const tencentSettingsSchema = z.strictObject({
  secret_id: secretSetting,
  secret_key: secretSetting,
  sdk_app_id: z.string().regex(/^\d{1,20}$/, 'expected the digits of an SmsSdkAppId'),
  /** Accounts of the international site have a host and regions of their own. */
  site: z.enum(['china', 'international']).default('china'),
  region: regionSetting.optional(),
  /** Another server than that of the site. */
  endpoint: endpointSetting.optional(),
  /** The approved signature, without brackets, where the service names none. Mainland numbers need one. */
  signature: lineSetting(64).optional(),
  templates: countedTemplates,
  /** The sender outside mainland China where the service names none. */
  sender_id: z
    .string()
    .regex(/^[\x21-\x7e]{1,20}$/, 'expected up to 20 printable characters')
    .optional(),
  extend_code: z
    .string()
    .regex(/^\d{1,12}$/, 'expected digits')
    .optional(),
  timeout_ms: timeoutSetting,
  /** Without it receipts are refused: the vendor signs none. */
  receipt_token: receiptTokenSetting.optional(),
})
export type TencentSettings = z.infer<typeof tencentSettingsSchema>

const SITES = {
  china: { origin: 'https://sms.tencentcloudapi.com', region: 'ap-guangzhou' },
  international: { origin: 'https://sms.intl.tencentcloudapi.com', region: 'ap-singapore' },
} as const

/** Where to, and the region that is named there. The origin has no slash at its end. */
export const siteOf = ({ site, endpoint, region }: TencentSettings) => ({
  origin: endpoint ?? SITES[site].origin,
  region: region ?? SITES[site].region,
})
