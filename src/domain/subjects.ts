/**
 * Whom a request is counted against. `phone_any` counts one number across all accounts, every other kind
 * inside one account. `ip` is a v4 address or a v6 /64, `net` a v4 /24 or a v6 /48; `range2`, `range3` and `range4`
 * are the number without its last 2, 3 and 4 digits; `client` is JA4 or the user agent, language and hints tuple.
 */
export const SUBJECT_KINDS = [
  'phone',
  'phone_any',
  'ip',
  'net',
  'device',
  'client',
  'range2',
  'range3',
  'range4',
  'carrier',
  'country',
  'asn',
  'account',
] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]

/** Opaque keys; personal ones are keyed hashes. A kind that the request does not have is absent or undefined. */
export type Subjects = { readonly [Kind in SubjectKind]?: string | undefined }

/** Who asked, without the number that was asked about: it may be a victim's. */
export function askersOf({ phone: _, phone_any: __, ...askers }: Subjects): Subjects {
  return askers
}
