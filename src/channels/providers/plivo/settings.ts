import * as z from 'zod'
import {
  endpointSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'

export const plivoSettings = z
  .strictObject({
    /** MA… of an account, SA… of a subaccount. */
    auth_id: z.string().regex(/^(MA|SA)[A-Z0-9]{18}$/, 'expected MA or SA and 18 more characters'),
    auth_token: secretSetting,
    /** Of the main account, where a subaccount sends: callbacks may be signed with it. */
    main_auth_token: secretSetting.optional(),
    /** Where the service names none. */
    from: senderSetting.optional(),
    /** Chooses the sender among the numbers of a powerpack, where neither the service nor `from` names one. */
    powerpack_uuid: z.uuid().optional(),
    endpoint: endpointSetting.default('https://api.plivo.com'),
    timeout_ms: timeoutSetting,
  })
  .refine(({ from, powerpack_uuid }) => from !== undefined || powerpack_uuid !== undefined, {
    path: ['from'],
    message: 'expected a sender, a powerpack_uuid or both',
  })
export type PlivoSettings = z.infer<typeof plivoSettings>
