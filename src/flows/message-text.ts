import type { OutboundMessage } from '../channels/provider.ts'
import { renderMessage } from '../content/render.ts'
import { segmentsOf } from '../content/segments.ts'
import { templateFor } from '../content/templates.ts'
import type { Service } from '../tenancy/tenancy.ts'

type TextFacts = {
  readonly code: string
  readonly secondsLeft: number
  /** The request's, else the service's. */
  readonly locale: string | undefined
}

/** Every message has one meaning so far; templates that vendors registered for it are named so in routes.yaml. */
const TEMPLATE_NAME = 'verification'

/** What the person reads, what it is made of, and how much of it there is. */
export function messageParts(
  service: Pick<Service, 'template' | 'locale' | 'name'>,
  { code, secondsLeft, locale = service.locale }: TextFacts,
): Pick<OutboundMessage, 'body' | 'template' | 'segments'> {
  const minutes = Math.max(1, Math.round(secondsLeft / 60))
  const brand = service.name
  const body = renderMessage(templateFor(service.template, locale), {
    code,
    minutes,
    service: brand,
  })
  const variables = { code, minutes: String(minutes), brand }
  return {
    body,
    template: { name: TEMPLATE_NAME, locale, variables },
    segments: segmentsOf(body),
  }
}

type TextShape = { readonly codeLength: number; readonly locale: string | undefined }

/** A service as it is set up now sends nearly all its messages in one shape: those are measured once. */
const usualSegments = new WeakMap<Service, number>()

/** How many messages a fresh code of this length is billed as; every code of one length takes the same room. */
export function segmentsToSend(service: Service, { codeLength, locale }: TextShape): number {
  const isUsual = locale === undefined && codeLength === service.codeLength
  const known = isUsual ? usualSegments.get(service) : undefined
  if (known !== undefined) return known
  const code = '0'.repeat(codeLength)
  const { segments } = messageParts(service, { code, secondsLeft: service.ttlSeconds, locale })
  if (isUsual) usualSegments.set(service, segments)
  return segments
}
