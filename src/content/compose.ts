import { fillIn, type MessageFacts, renderMessage } from './render.ts'
import { type OwnWords, templateFor } from './templates.ts'

export type TextStyle = OwnWords & {
  /** Without brackets. */
  readonly signature: string | undefined
  readonly webOtpHost: string | undefined
  readonly androidHash: string | undefined
}

/** A text that begins with a name in brackets is signed already. */
const SIGNED = /^【[^【】]*】/

/**
 * The text of a short message: the words of the locale, signed in front, and the lines for machines behind. The Android
 * hash may stand anywhere (SMS Retriever API); `@host #code` has to be the last line (WICG, origin-bound one-time codes).
 */
export function composeText(
  style: TextStyle,
  facts: MessageFacts,
  locale: string | undefined,
): string {
  const words = sign(renderMessage(templateFor(style, locale), facts), style.signature)
  const lines = [words, ...linesForMachines(style, facts)]
  return lines.join('\n')
}

/** What is said in a call or filled into a vendor's template: the words alone. */
export const composeWords = (
  style: OwnWords,
  facts: MessageFacts,
  locale: string | undefined,
): string => renderMessage(templateFor(style, locale), facts)

/** The text of a notice or of advertising: a template of the service's own, signed in front; nothing in it is for machines. */
export const composeNotice = (
  style: Pick<TextStyle, 'template' | 'templates' | 'signature'>,
  values: Readonly<Record<string, string>>,
  locale: string | undefined,
): string => sign(fillIn(templateFor(style, locale), values), style.signature)

const sign = (text: string, signature: string | undefined): string =>
  signature === undefined ? text : `【${signature}】${text.replace(SIGNED, '')}`

const linesForMachines = (
  { androidHash, webOtpHost }: TextStyle,
  { code }: MessageFacts,
): readonly string[] => [
  ...(androidHash === undefined ? [] : [androidHash]),
  ...(webOtpHost === undefined ? [] : [`@${webOtpHost} #${code}`]),
]
