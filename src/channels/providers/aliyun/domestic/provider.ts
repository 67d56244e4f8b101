import * as z from 'zod'
import { failed, type SendResult } from '../../../../domain/send.ts'
import { defineProvider, type OutboundMessage } from '../../../provider.ts'
import { lineSetting } from '../../../provider-settings.ts'
import { messageIdField } from '../../../receipt-request.ts'
import { namedTemplates, namedValues, templateFor } from '../../../template-choice.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../../vendor-call.ts'
import { outcomeOfCode } from '../answers.ts'
import { callAliyun } from '../call.ts'
import { accountSettings, domesticRegion } from '../settings.ts'
import { domesticNumber } from './number.ts'
import { queryDomestic } from './query.ts'
import { readDomesticReceipts } from './receipts.ts'

export const DOMESTIC_VERSION = '2017-05-25'

const settingsSchema = z.strictObject({
  ...accountSettings,
  region: domesticRegion.default('cn-hangzhou'),
  /** The approved signature, without brackets, where the service names none. */
  signature: lineSetting(64),
  templates: namedTemplates,
  sms_up_extend_code: z
    .string()
    .regex(/^\d{1,12}$/, 'expected digits')
    .optional(),
})
export type DomesticSettings = z.infer<typeof settingsSchema>

/** Alibaba Cloud SMS in mainland China: an approved template under an approved signature. ../README.md has the settings. */
export const aliyunSmsProvider = defineProvider({
  kind: 'aliyun-sms',
  settings: settingsSchema,
  create: (id, settings, { platform }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const parameters = parametersOf(message, settings)
      if (parameters === undefined) return failed('template_refused', 'no_template')
      const sendSms = { action: 'SendSms', version: DOMESTIC_VERSION, parameters }
      const answer = await callAliyun({ platform, settings }, sendSms, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readDomesticReceipts(request, settings.receipt_token),
    query: (sent, deadlineMs) => queryDomestic({ platform, settings }, sent, deadlineMs),
  }),
})

function parametersOf(message: OutboundMessage, settings: DomesticSettings) {
  const template = templateFor(settings.templates, message.template)
  if (template === undefined) return undefined
  const values = namedValues(template, message.template)
  return {
    OutId: message.id,
    PhoneNumbers: domesticNumber(message.to),
    SignName: message.signature ?? settings.signature,
    SmsUpExtendCode: settings.sms_up_extend_code,
    TemplateCode: template.id,
    TemplateParam: Object.keys(values).length === 0 ? undefined : JSON.stringify(values),
  }
}

const answerSchema = z.object({
  Code: z.string().min(1),
  Message: z.string().optional().catch(undefined),
  BizId: messageIdField.optional().catch(undefined),
})

function readAnswer(answer: VendorAnswer): SendResult {
  const parsed = answerSchema.safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer)
  const { Code: code, Message: text, BizId: providerMessageId } = parsed.data
  if (code !== 'OK' || answer.status >= 300) return outcomeOfCode(answer, code, text)
  return { kind: 'accepted', providerMessageId, segments: undefined, cost: undefined }
}
