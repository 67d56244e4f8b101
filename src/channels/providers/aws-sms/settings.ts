import * as z from 'zod'
import {
  endpointSetting,
  receiptTokenSetting,
  regionSetting,
  secretSetting,
  timeoutSetting,
} from '../../provider-settings.ts'
import { topicHost } from './sns/topic.ts'

/** A number, a sender id, a pool, a set, by its id or its ARN. */
const nameSetting = z.string().regex(/^[A-Za-z0-9_:/+-]{1,256}$/, "expected the vendor's id or ARN")

export const awsSmsSettings = z.strictObject({
  region: regionSetting,
  access_key_id: secretSetting,
  secret_access_key: secretSetting,
  session_token: secretSetting.optional(),
  /** The origination identity where the service names no sender; without one the vendor chooses among the account's. */
  from: nameSetting.optional(),
  /** Nothing is reported without one. */
  configuration_set: nameSetting.optional(),
  protect_configuration: nameSetting.optional(),
  /** In US dollars for a part; the vendor refuses what is dearer. */
  max_price: z
    .string()
    .regex(/^\d{0,2}\.\d{1,5}$/, 'expected US dollars such as "0.10"')
    .optional(),
  india: z
    .strictObject({
      entity_id: z.string().regex(/^\d{1,30}$/, 'expected digits'),
      template_id: z.string().regex(/^\d{1,30}$/, 'expected digits'),
    })
    .optional(),
  /** The one topic whose signed events are believed. */
  topic_arn: z
    .string()
    .refine((arn) => topicHost(arn) !== undefined, 'expected the ARN of an SNS topic')
    .optional(),
  /** The last word of the callback path, for what comes without the signature of SNS. */
  receipt_token: receiptTokenSetting.optional(),
  /** Another server than that of the region. */
  endpoint: endpointSetting.optional(),
  timeout_ms: timeoutSetting,
})
export type AwsSmsSettings = z.infer<typeof awsSmsSettings>

/** Without a slash at its end. */
export const originOf = ({ endpoint, region }: AwsSmsSettings): string =>
  endpoint ?? `https://sms-voice.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
