import { failed } from '../../../domain/send.ts'
import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { type CountedTemplate, countedValues, templateFor } from '../../template-choice.ts'
import { readAnswer } from './answers.ts'
import { callTencent } from './call.ts'
import { queryTencent } from './query.ts'
import { readTencentReceipts } from './receipts.ts'
import { type TencentSettings, tencentSettingsSchema } from './settings.ts'

/** Tencent Cloud SMS: an approved template, in mainland China under an approved signature. README.md has the settings. */
export const tencentSmsProvider = defineProvider({
  kind: 'tencent-sms',
  settings: tencentSettingsSchema,
  create: (id, settings, { platform }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const template = templateFor(settings.templates, message.template)
      if (template === undefined) return failed('template_refused', 'no_template')
      const parameters = parametersOf(message, { template, settings })
      if (isMainland(message) && parameters.SignName === undefined) {
        return failed('template_refused', 'no_signature')
      }
      const action = { action: 'SendSms', parameters }
      const answer = await callTencent({ platform, settings }, action, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readTencentReceipts(request, settings.receipt_token),
    query: (sent, deadlineMs) => queryTencent({ platform, settings }, sent, deadlineMs),
  }),
})

const isMainland = ({ country }: OutboundMessage): boolean => country === 'CN'

type Chosen = { readonly template: CountedTemplate; readonly settings: TencentSettings }

/** A mainland message has a signature and no sender, all others the other way round. */
function parametersOf(message: OutboundMessage, { template, settings }: Chosen) {
  const values = countedValues(template, message.template)
  const mainland = isMainland(message)
  return {
    PhoneNumberSet: [message.to],
    SmsSdkAppId: settings.sdk_app_id,
    TemplateId: template.id,
    SignName: message.signature ?? (mainland ? settings.signature : undefined),
    TemplateParamSet: values.length === 0 ? undefined : values,
    ExtendCode: settings.extend_code,
    SessionContext: message.id,
    SenderId: mainland ? undefined : (message.from ?? settings.sender_id),
  }
}
