import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { readAnswer } from './answers.ts'
import { callAws, REFERENCE } from './call.ts'
import { readAwsReceipts } from './receipts.ts'
import { type AwsSmsSettings, awsSmsSettings } from './settings.ts'
import { createVerifier } from './sns/verifier.ts'

const TIME_TO_LIVE = { minSeconds: 5, maxSeconds: 259_200 } as const

/** AWS End User Messaging SMS, version 2: text messages. There is nothing to ask it afterwards. README.md has the settings. */
export const awsSmsProvider = defineProvider({
  kind: 'aws-sms',
  settings: awsSmsSettings,
  create: (id, settings, { platform }) => {
    const verify = createVerifier({ platform, timeoutMs: settings.timeout_ms })
    return {
      id,
      channels: ['sms'],
      async send(message, deadlineMs) {
        const parameters = parametersOf(message, settings)
        const action = { action: 'SendTextMessage', parameters }
        const answer = await callAws({ platform, settings }, action, deadlineMs)
        return answer.kind === 'answered' ? readAnswer(answer) : answer
      },
      readReceipts: (request) => readAwsReceipts(request, { settings, platform, verify }),
    }
  },
})

/** In the order of the vendor's own SDK; undefined ones do not go out. */
const parametersOf = (message: OutboundMessage, settings: AwsSmsSettings) => ({
  DestinationPhoneNumber: message.to,
  OriginationIdentity: message.from ?? settings.from,
  MessageBody: message.body,
  MessageType: message.kind === 'bulk' ? 'PROMOTIONAL' : 'TRANSACTIONAL',
  ConfigurationSetName: settings.configuration_set,
  MaxPrice: settings.max_price,
  TimeToLive: timeToLiveOf(message.validForMs),
  Context: { [REFERENCE]: message.id },
  DestinationCountryParameters: settings.india && {
    IN_ENTITY_ID: settings.india.entity_id,
    IN_TEMPLATE_ID: settings.india.template_id,
  },
  ProtectConfigurationId: settings.protect_configuration,
})

function timeToLiveOf(validForMs: number): number {
  const { minSeconds, maxSeconds } = TIME_TO_LIVE
  return Math.min(Math.max(Math.ceil(validForMs / 1000), minSeconds), maxSeconds)
}
