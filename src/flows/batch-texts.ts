import { composeNotice } from '../content/compose.ts'
import { segmentsOf } from '../content/segments.ts'
import { type FieldError, fieldProblem, Problem } from '../domain/problems.ts'
import { parsePhone } from '../risk/phone-facts.ts'
import type { PhoneFacts } from '../risk/signals.ts'
import { variablesOf } from '../tenancy/message-settings.ts'
import type { MessageTemplate, Service } from '../tenancy/tenancy.ts'
import { PHONE_MISTAKE } from './assess.ts'
import type { House } from './house.ts'

/** A text of more parts than this is a mistake, and an expensive one. */
const SEGMENTS_MAX = 10
/** A list that is wrong from top to bottom need not be told in full. */
const ERRORS_MAX = 20

export type GivenMessage = {
  readonly to: string
  readonly variables: Readonly<Record<string, string>>
  readonly reference: string | undefined
}

export type ReadMessage = Omit<GivenMessage, 'to'> & {
  readonly facts: PhoneFacts
  readonly body: string
  readonly segments: number
}

export type BatchTexts = {
  readonly service: Service
  readonly template: MessageTemplate
  readonly locale: string
}

/** Throws `invalid_request` for a name that the service has not given to a template. */
export function templateOf({ messageTemplates }: Service, name: string): MessageTemplate {
  const found = Object.hasOwn(messageTemplates, name) ? messageTemplates[name] : undefined
  if (found === undefined) throw fieldProblem('/template', 'this service has no such template')
  return found
}

/** Every number and every text, or `invalid_request` with the fields that are wrong, each by its place in the list. */
export function readMessages(
  house: Pick<House, 'phoneData'>,
  texts: BatchTexts,
  given: readonly GivenMessage[],
): readonly ReadMessage[] {
  const wanted = variablesOf(texts.template.template)
  const errors: FieldError[] = []
  const places = new Map<string, number>()
  const read = given.flatMap((message, index): ReadMessage[] => {
    const wrong = (field: string, detail: string): [] => {
      errors.push({ pointer: `/messages/${index}/${field}`, detail })
      return []
    }
    const parsed = parsePhone(message.to, house.phoneData)
    if (parsed.kind === 'mistake') return wrong('to', PHONE_MISTAKE[parsed.reason])
    const first = places.get(parsed.facts.phone)
    if (first !== undefined) return wrong('to', `the same number as /messages/${first}/to`)
    places.set(parsed.facts.phone, index)
    const mistake = variableMistake(wanted, message.variables)
    if (mistake !== undefined) return wrong(mistake.field, mistake.detail)
    const text = textOf(texts, message.variables)
    if (text.segments > SEGMENTS_MAX) {
      return wrong('variables', `make a text of ${text.segments} parts; ${SEGMENTS_MAX} at most`)
    }
    const { variables, reference } = message
    return [{ variables, reference, facts: parsed.facts, ...text }]
  })
  if (errors.length > 0) throw invalid(errors)
  return read
}

function invalid(errors: readonly FieldError[]): Problem {
  const [first] = errors
  const detail = `${first?.pointer}: ${first?.detail}`
  return new Problem('invalid_request', { detail, errors: errors.slice(0, ERRORS_MAX) })
}

function variableMistake(wanted: readonly string[], given: GivenMessage['variables']) {
  const missing = wanted.find((name) => !Object.hasOwn(given, name))
  if (missing !== undefined) return { field: `variables/${missing}`, detail: 'is missing' }
  const unknown = Object.keys(given).find((name) => !wanted.includes(name))
  if (unknown === undefined) return undefined
  return { field: `variables/${unknown}`, detail: 'is not a variable of the template' }
}

function textOf({ service, template, locale }: BatchTexts, variables: GivenMessage['variables']) {
  const style = { ...template, signature: service.signature }
  const body = composeNotice(style, { ...variables, service: service.name }, locale)
  return { body, segments: segmentsOf(body) }
}
