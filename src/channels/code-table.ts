import type { SendErrorKind } from '../domain/send-error.ts'

type Codes = Readonly<Partial<Record<SendErrorKind, readonly (string | number)[]>>>

/** A vendor's codes, written down by what they mean and looked up by code. */
export const codeTable = (codes: Codes): ReadonlyMap<string, SendErrorKind> =>
  new Map(
    (Object.entries(codes) as [SendErrorKind, readonly (string | number)[]][]).flatMap(
      ([kind, list]) => list.map((code) => [String(code), kind] as const),
    ),
  )
