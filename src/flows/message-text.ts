import { CODE_TEMPLATE, type OutboundMessage } from '../channels/provider.ts'
import { composeText, composeWords } from '../content/compose.ts'
import { segmentsOf } from '../content/segments.ts'
import type { BatchText } from '../domain/batch.ts'
import type { Channel } from '../domain/channel.ts'
import type { Service } from '../tenancy/tenancy.ts'

/** What a text depends on beside the service. */
export type TextSubject = {
  readonly channel: Channel
  /** The request's; undefined: the service's. */
  readonly locale: string | undefined
  readonly amount: string | undefined
  readonly payee: string | undefined
}
type TextFacts = TextSubject & { readonly code: string; readonly secondsLeft: number }

type Parts = Pick<OutboundMessage, 'body' | 'template' | 'segments' | 'signature'>

/** What the person reads of a batch: the text that was priced. */
export const textParts = (
  { signature }: Service,
  { template: name, locale, variables, body }: BatchText,
): Parts => ({
  body,
  signature,
  template: { name, locale, variables },
  segments: segmentsOf(body),
})

/** What the person reads or hears of a code, what it is made of, and how much of it there is. */
export function codeParts(
  service: Service,
  { channel, code, secondsLeft, locale = service.locale, amount, payee }: TextFacts,
): Parts {
  const minutes = Math.max(1, Math.round(secondsLeft / 60))
  const facts = { code, minutes, service: service.name, amount, payee }
  const compose = channel === 'sms' ? composeText : composeWords
  const body = compose(service, facts, locale)
  const bound = {
    ...(amount === undefined ? {} : { amount }),
    ...(payee === undefined ? {} : { payee }),
  }
  const variables = { code, minutes: String(minutes), brand: service.name, ...bound }
  return {
    body,
    signature: service.signature,
    template: { name: CODE_TEMPLATE, locale, variables },
    segments: segmentsOf(body),
  }
}

type TextShape = TextSubject & { readonly codeLength: number }

/** A service as it is set up now sends nearly all its messages in one shape: those are measured once. */
const usualSegments = new WeakMap<Service, number>()

/** How many messages a fresh code is billed as: texts by their parts, anything else as one. Every code of one length takes the same room. */
export function segmentsToSend(service: Service, shape: TextShape): number {
  const { codeLength, channel, locale, amount, payee } = shape
  const subject = { channel, locale, amount, payee }
  if (channel !== 'sms') return 1
  const isUsual =
    locale === undefined &&
    amount === undefined &&
    payee === undefined &&
    codeLength === service.codeLength
  const known = isUsual ? usualSegments.get(service) : undefined
  if (known !== undefined) return known
  const code = '0'.repeat(codeLength)
  const { segments } = codeParts(service, {
    ...subject,
    code,
    secondsLeft: service.ttlSeconds,
  })
  if (isUsual) usualSegments.set(service, segments)
  return segments
}
