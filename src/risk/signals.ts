import type { Channel } from '../domain/channel.ts'
import type { AccountId, ServiceId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import type { Phone } from '../domain/phone.ts'

/** What libphonenumber and the number lists know. */
export type PhoneFacts = {
  readonly phone: Phone
  /** ISO 3166-1 alpha-2, or `001` for numbers of no country (satellite, shared cost international). */
  readonly country: string
  readonly callingCode: string
  readonly lineType: LineType
  /** Valid by libphonenumber's full metadata; possible but invalid numbers are a signal, not an error. */
  readonly valid: boolean
  /** The carrier that the prefix was given to; undefined where unknown or not looked up. */
  readonly carrier: string | undefined
  readonly disposable: boolean | undefined
}

export const LINE_TYPES = [
  'mobile',
  'fixed_line',
  'fixed_line_or_mobile',
  'voip',
  'premium_rate',
  'shared_cost',
  'toll_free',
  'personal_number',
  'pager',
  'uan',
  'voicemail',
  'unknown',
] as const
export type LineType = (typeof LINE_TYPES)[number]

/** What is known of the network a request came from. Every member is undefined where nobody could tell. */
export type NetworkFacts = {
  /** As given by the caller, in canonical form. */
  readonly ip: string | undefined
  /** v4 as is, v6 cut to its /64. */
  readonly address: string | undefined
  /** v4 /24, v6 /48. */
  readonly net: string | undefined
  readonly country: string | undefined
  readonly asn: number | undefined
  readonly hosting: boolean | undefined
  readonly vpn: boolean | undefined
  readonly tor: boolean | undefined
}

/** What the client says of itself, and whether it contradicts itself. */
export type ClientFacts = {
  readonly browser: string | undefined
  readonly browserMajor: number | undefined
  readonly os: string | undefined
  readonly mobile: boolean | undefined
  /** isbot or an HTTP library. */
  readonly automated: boolean
  /** An HTTP stack that real apps use as well (okhttp, CFNetwork, axios): weight, not proof. */
  readonly appStack: boolean
  /** User agent against client hints: platform or mobile flag differ. */
  readonly hintsMismatch: boolean
  /** Primary language, lower case, e.g. `zh`. */
  readonly language: string | undefined
  /** A stable short text of JA4, or of user agent, language and hints. */
  readonly signature: string | undefined
}

/** What a door was told about the end user, already parsed. */
export type ClientInput = {
  readonly ip: string | undefined
  readonly userAgent: string | undefined
  readonly acceptLanguage: string | undefined
  readonly clientHints:
    | { readonly mobile?: string | undefined; readonly platform?: string | undefined }
    | undefined
  readonly deviceId: string | undefined
  readonly ja4: string | undefined
  readonly sessionAgeMs: number | undefined
  readonly network:
    | { readonly country?: string | undefined; readonly asn?: number | undefined }
    | undefined
}

/** Raw facts about one request, gathered once and never changed. */
export type Signals = {
  readonly atMs: number
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly phone: PhoneFacts
  readonly network: NetworkFacts
  readonly client: ClientFacts
  readonly deviceId: string | undefined
  readonly sessionAgeMs: number | undefined
  readonly price: Micros
  readonly lists: ListHits
}

/** Whether the tenant's or the operator's lists name this request, and under which kind. Allow beats block. */
export type ListHits = {
  readonly allowed: string | undefined
  readonly blocked: string | undefined
}

/** Look-ups that need data files. Each answers at once, from memory, and `undefined` for what it does not know. */
export interface PhoneData {
  carrierOf(phone: Phone): string | undefined
  isDisposable(phone: Phone): boolean | undefined
}
export interface NetworkData {
  /** `ip` is canonical. */
  locate(ip: string): { readonly country: string | undefined; readonly asn: number | undefined }
  kindOf(
    ip: string,
    asn: number | undefined,
  ): {
    readonly hosting: boolean | undefined
    readonly vpn: boolean | undefined
    readonly tor: boolean | undefined
  }
}
