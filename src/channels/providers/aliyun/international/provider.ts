import * as z from 'zod'
import type { MessageKind } from '../../../../domain/message-kind.ts'
import { failed, type SendResult } from '../../../../domain/send.ts'
import { defineProvider, type OutboundMessage } from '../../../provider.ts'
import { lineSetting } from '../../../provider-settings.ts'
import { messageIdField, segmentsIn } from '../../../receipt-request.ts'
import { namedTemplates, namedValues, templateFor } from '../../../template-choice.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../../vendor-call.ts'
import { outcomeOfCode } from '../answers.ts'
import { type AliyunAction, callAliyun } from '../call.ts'
import { accountSettings, internationalRegion } from '../settings.ts'
import { queryInternational } from './query.ts'
import { readInternationalReceipts } from './receipts.ts'

export const INTERNATIONAL_VERSION = '2018-05-01'

const settingsSchema = z.strictObject({
  ...accountSettings,
  region: internationalRegion.default('ap-southeast-1'),
  /** The sender where the service names none. */
  from: z
    .string()
    .regex(/^(?:[A-Za-z0-9]{1,11}|\d{1,15})$/, 'expected up to 11 letters and digits or 15 digits')
    .optional(),
  /** Numbers of mainland China get approved templates only; without this they are left to other providers. */
  mainland: z.strictObject({ signature: lineSetting(64), templates: namedTemplates }).optional(),
  channel_id: z
    .string()
    .regex(/^\d{1,20}$/, 'expected digits')
    .optional(),
})
export type InternationalSettings = z.infer<typeof settingsSchema>

/** Alibaba Cloud SMS from outside mainland China: free texts abroad, templates into it. ../README.md has the settings. */
export const aliyunSmsIntlProvider = defineProvider({
  kind: 'aliyun-sms-intl',
  settings: settingsSchema,
  create: (id, settings, { platform }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const action =
        message.country === 'CN' ? template(message, settings) : text(message, settings)
      if (action === undefined) return failed('template_refused', 'no_template')
      const answer = await callAliyun({ platform, settings }, action, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readInternationalReceipts(request, settings.receipt_token),
    query: (sent, deadlineMs) => queryInternational({ platform, settings }, sent, deadlineMs),
  }),
})

const TYPES: Readonly<Record<MessageKind, string>> = { otp: 'OTP', notice: 'NOTIFY', bulk: 'MKT' }

const text = (message: OutboundMessage, settings: InternationalSettings): AliyunAction => ({
  action: 'SendMessageToGlobe',
  version: INTERNATIONAL_VERSION,
  parameters: {
    ChannelId: settings.channel_id,
    From: message.from ?? settings.from,
    Message: message.body,
    TaskId: message.id,
    To: message.to.slice(1),
    Type: TYPES[message.kind],
    ValidityPeriod: secondsOf(message),
  },
})

function template(
  message: OutboundMessage,
  { mainland, channel_id }: InternationalSettings,
): AliyunAction | undefined {
  const chosen = mainland && templateFor(mainland.templates, message.template)
  if (mainland === undefined || chosen === undefined) return undefined
  const parameters = {
    ChannelId: channel_id,
    From: message.signature ?? mainland.signature,
    TemplateCode: chosen.id,
    TemplateParam: JSON.stringify(namedValues(chosen, message.template)),
    To: message.to.slice(1),
    ValidityPeriod: secondsOf(message),
  }
  return { action: 'SendMessageWithTemplate', version: INTERNATIONAL_VERSION, parameters }
}

const secondsOf = ({ validForMs }: OutboundMessage): string =>
  String(Math.max(1, Math.floor(validForMs / 1000)))

const answerSchema = z.object({
  ResponseCode: z.string().min(1),
  ResponseDescription: z.string().optional().catch(undefined),
  MessageId: messageIdField.optional().catch(undefined),
  Segments: z.unknown().optional(),
})
/** The gateway before the service has its own words. */
const gatewaySchema = z.object({
  Code: z.string().min(1),
  Message: z.string().optional().catch(undefined),
})

function readAnswer(answer: VendorAnswer): SendResult {
  const parsed = answerSchema.safeParse(answer.json)
  if (!parsed.success) return readGateway(answer)
  const { ResponseCode: code, ResponseDescription: words, MessageId, Segments } = parsed.data
  if (code !== 'OK' || answer.status >= 300) return outcomeOfCode(answer, code, words)
  return {
    kind: 'accepted',
    providerMessageId: MessageId,
    segments: segmentsIn(Segments),
    cost: undefined,
  }
}

function readGateway(answer: VendorAnswer): SendResult {
  const parsed = gatewaySchema.safeParse(answer.json)
  if (!parsed.success || parsed.data.Code === 'OK') return outcomeOfStatus(answer)
  return outcomeOfCode(answer, parsed.data.Code, parsed.data.Message)
}
