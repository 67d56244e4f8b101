import type { OutboundMessage } from './provider.ts'

/**
 * The text as it is spoken: the code digit by digit with a comma after each, at which every voice pauses. A number such as
 * `123456` would else be read as one hundred and twenty-three thousand.
 */
export function spokenText({ body, template }: Pick<OutboundMessage, 'body' | 'template'>): string {
  const { code } = template.variables
  return code === undefined ? body : body.replaceAll(code, [...code].join(', '))
}

export type VoiceLanguages = {
  /** The vendor's tags; of several regions of one language the first is taken where none is asked for. */
  readonly spoken: readonly string[]
  /** Tags that the vendor calls otherwise, in lower case. */
  readonly calledOtherwise: Readonly<Record<string, string>>
}

/**
 * The vendor's tag for a BCP 47 locale: its own, then without its subtags one by one (RFC 4647 section 3.4), then any region of
 * the language. Undefined where the vendor has no voice for it: a text read in another language is noise.
 */
export function voiceLanguageOf(
  { spoken, calledOtherwise }: VoiceLanguages,
  locale: string,
): string | undefined {
  const subtags = locale.toLowerCase().split(/[-_]/)
  for (let length = subtags.length; length > 0; length -= 1) {
    const range = subtags.slice(0, length).join('-')
    const found = calledOtherwise[range] ?? spoken.find((tag) => tag.toLowerCase() === range)
    if (found !== undefined) return found
  }
  return spoken.find((tag) => tag.toLowerCase().startsWith(`${subtags[0]}-`))
}
