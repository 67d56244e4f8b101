import * as z from 'zod'
import {
  endpointSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'
import { webhookSecretSetting } from '../../standard-webhook.ts'
import { namedTemplates } from '../../template-choice.ts'

const KEY = /^bk_([a-z]{2}\d+)_.+$/

export const birdSettings = z
  .strictObject({
    /** Names its region: bk_eu1_…. */
    api_key: secretSetting.regex(KEY, 'expected a key such as bk_eu1_…'),
    /** Where the service names none. */
    from: senderSetting.optional(),
    /** Stored templates by their slugs, which bring their senders with them; the text goes out where none fits. */
    templates: namedTemplates.optional(),
    /** Of the webhook endpoint; without it receipts are refused. */
    webhook_secret: webhookSecretSetting.optional(),
    /** Another server than that of the key's region. */
    endpoint: endpointSetting.optional(),
    timeout_ms: timeoutSetting,
  })
  .refine(({ from, templates }) => from !== undefined || templates !== undefined, {
    path: ['from'],
    message: 'expected a sender, templates or both',
  })
export type BirdSettings = z.infer<typeof birdSettings>

/** Without a slash at its end. */
export const originOf = ({ endpoint, api_key }: BirdSettings): string =>
  endpoint ?? `https://${KEY.exec(api_key)?.[1]}.platform.bird.com`
