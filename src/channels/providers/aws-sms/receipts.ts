import type { Platform } from '../../../platform/platform.ts'
import { jsonOf } from '../../bounded-body.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import { hasToken, jsonBodyOf, UNAUTHENTIC } from '../../receipt-request.ts'
import { callVendor, isOk } from '../../vendor-call.ts'
import { readEvent } from './events.ts'
import type { AwsSmsSettings } from './settings.ts'
import { envelopeSchema, type SnsEnvelope } from './sns/envelope.ts'
import { isSubscribeUrl } from './sns/topic.ts'
import type { Proof, SnsVerifier } from './sns/verifier.ts'

export type ReceiptDeps = {
  readonly settings: AwsSmsSettings
  readonly platform: Platform
  readonly verify: SnsVerifier
}

const TAKEN: ReceiptReading = { kind: 'read', deliveries: [] }
const UNAVAILABLE: ReceiptReading = { kind: 'unavailable' }

/** Events by SNS, in its envelope, or bare and by EventBridge, which only the secret path can prove. */
export async function readAwsReceipts(
  request: ReceiptRequest,
  deps: ReceiptDeps,
): Promise<ReceiptReading> {
  const json = jsonBodyOf(request)
  const isKnown = hasToken(request, deps.settings.receipt_token)
  const envelope = envelopeSchema.safeParse(json).data
  if (envelope === undefined) return isKnown ? readEvent(json) : UNAUTHENTIC
  const proof = isKnown ? 'proven' : await proofOf(envelope, deps)
  if (proof === 'unavailable') return UNAVAILABLE
  if (proof === 'unproven') return UNAUTHENTIC
  const { topic_arn } = deps.settings
  if (topic_arn !== undefined && envelope.TopicArn !== topic_arn) return { kind: 'forbidden' }
  return readEnvelope(envelope, deps)
}

/** Anybody may have a topic of his own sign for him, so without the name of ours no signature proves a thing. */
async function proofOf(
  envelope: SnsEnvelope,
  { settings: { topic_arn }, verify }: ReceiptDeps,
): Promise<Proof> {
  return envelope.TopicArn === topic_arn ? verify(envelope) : 'unproven'
}

async function readEnvelope(envelope: SnsEnvelope, deps: ReceiptDeps): Promise<ReceiptReading> {
  switch (envelope.Type) {
    case 'Notification':
      return readEvent(jsonOf(envelope.Message))
    case 'SubscriptionConfirmation':
      return confirm(envelope, deps)
    case 'UnsubscribeConfirmation':
      deps.platform.log.warn('receipts.unsubscribed', { topic: envelope.TopicArn })
      return TAKEN
  }
}

type Confirmation = { readonly SubscribeURL: string; readonly TopicArn: string }

/** Until it is asked for, the subscription sends nothing. */
async function confirm(
  { SubscribeURL: url, TopicArn }: Confirmation,
  { platform, settings }: ReceiptDeps,
): Promise<ReceiptReading> {
  if (!isSubscribeUrl(url, TopicArn)) return { kind: 'forbidden' }
  const timeoutMs = settings.timeout_ms
  const deadlineMs = platform.nowMs() + timeoutMs
  const request = { url, method: 'GET', headers: {} } as const
  const answer = await callVendor(request, { platform, deadlineMs, timeoutMs })
  const isConfirmed = answer.kind === 'answered' && isOk(answer)
  platform.log.info('receipts.subscribed', { topic: TopicArn, confirmed: isConfirmed })
  return isConfirmed ? TAKEN : UNAVAILABLE
}
