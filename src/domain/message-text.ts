/** The template of a service that chose none; such a service gets these words in the language of the request. */
export const DEFAULT_TEMPLATE =
  '{code} is your {service} code. It is valid for {minutes} min. Do not share it with anyone.'

/** Controls but the line feed, lone surrogates, and the invisible marks that reorder, join or hide text. */
const UNPRINTABLE = /[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]|(?!\n)\p{Cc}/u

/** True when a text may go into a message. With such marks in it, it would be a forgery or an accident. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text)
