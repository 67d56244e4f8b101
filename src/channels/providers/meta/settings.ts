import * as z from 'zod'
import { endpointSetting, secretSetting, timeoutSetting } from '../../provider-settings.ts'

const TEMPLATES_MAX = 200

/** An approved authentication template in one of its languages. Its text is the vendor's; only the code is ours. */
const templateSetting = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]{1,512}$/, 'expected the name of a template'),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2,3})?$/, 'expected a language such as en_US'),
  /** Our template's name; any where absent. */
  name: z.string().min(1).max(64).optional(),
  /** A language (`zh`) takes all its regions, `zh-TW` only itself; any where absent. */
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language tag such as zh or zh-TW')
    .optional(),
})

export const metaSettings = z.strictObject({
  phone_number_id: z.string().regex(/^\d{5,20}$/, 'expected the id of a phone number, digits'),
  access_token: secretSetting,
  /** Receipts are signed with it. */
  app_secret: secretSetting,
  /** The word of ours that the vendor says when the webhook is set up. */
  verify_token: secretSetting,
  templates: z.array(templateSetting).min(1, 'expected one or more').max(TEMPLATES_MAX),
  version: z
    .string()
    .regex(/^v\d{2}\.0$/, 'expected a version such as v23.0')
    .default('v23.0'),
  endpoint: endpointSetting.default('https://graph.facebook.com'),
  timeout_ms: timeoutSetting,
})
export type MetaSettings = z.infer<typeof metaSettings>
