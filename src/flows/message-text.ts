import { renderMessage } from '../content/render.ts'
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
