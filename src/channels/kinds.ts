import { aliyunSmsProvider } from './providers/aliyun/domestic/provider.ts'
import { aliyunSmsIntlProvider } from './providers/aliyun/international/provider.ts'
import { awsSmsProvider } from './providers/aws-sms/provider.ts'
import { birdProvider } from './providers/bird/provider.ts'
import { httpProvider } from './providers/http/provider.ts'
import { infobipProvider } from './providers/infobip/provider.ts'
import { messageBirdProvider } from './providers/messagebird/provider.ts'
import { metaProvider } from './providers/meta/provider.ts'
import { plivoProvider } from './providers/plivo/provider.ts'
import { sandboxProvider } from './providers/sandbox/provider.ts'
import { sinchProvider } from './providers/sinch/provider.ts'
import { telnyxProvider } from './providers/telnyx/provider.ts'
import { tencentSmsProvider } from './providers/tencent-sms/provider.ts'
import { twilioProvider } from './providers/twilio/provider.ts'
import { vonageProvider } from './providers/vonage/provider.ts'
import { type RegisteredKind, registerKind } from './registered-kind.ts'

/** The kinds that routes.yaml may name wherever it is read. A new provider folder is added here. */
export const PROVIDER_KINDS: readonly RegisteredKind[] = [
  registerKind(sandboxProvider),
  registerKind(httpProvider),
  registerKind(aliyunSmsProvider),
  registerKind(aliyunSmsIntlProvider),
  registerKind(tencentSmsProvider),
  registerKind(awsSmsProvider),
  registerKind(telnyxProvider),
  registerKind(sinchProvider),
  registerKind(infobipProvider),
  registerKind(plivoProvider),
  registerKind(birdProvider),
  registerKind(messageBirdProvider),
  registerKind(twilioProvider),
  registerKind(vonageProvider),
  registerKind(metaProvider),
]

/** Named so that a Worker can say why it does not know the kind. */
const onlyOnNode = (kind: string): RegisteredKind => ({
  kind,
  prepare: (input) => {
    const message = `${kind} needs the Node server: a Worker cannot keep its connection open`
    return [{ code: 'custom', path: [], message, input }]
  },
})

/** The kinds of a Worker. Node's are in `kinds-node.ts`. */
export const WORKER_KINDS: readonly RegisteredKind[] = [...PROVIDER_KINDS, onlyOnNode('smpp')]
