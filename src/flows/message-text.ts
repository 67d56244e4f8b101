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

/** What the person reads. */
export function messageText(
  service: Pick<Service, 'template' | 'locale' | 'name'>,
  { code, secondsLeft, locale }: TextFacts,
): string {
  const template = templateFor(service.template, locale ?? service.locale)
  const minutes = Math.max(1, Math.round(secondsLeft / 60))
  return renderMessage(template, { code, minutes, service: service.name })
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
  const segments = segmentsOf(
    messageText(service, { code, secondsLeft: service.ttlSeconds, locale }),
  )
  if (isUsual) usualSegments.set(service, segments)
  return segments
}
