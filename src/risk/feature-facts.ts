import {
  destinationRisk,
  isOutdatedBrowser,
  isSpecialTariff,
  languageFits,
} from './common-knowledge.ts'
import type { Signals } from './signals.ts'

export type FeatureValue = number | string | boolean
export type FeatureType = 'double' | 'string' | 'bool'
export type Feature = {
  /** `group.field`, as rules write it. */
  readonly name: string
  readonly type: FeatureType
  readonly unit: string
  readonly doc: string
  /** Part of the vector that the model sees. */
  readonly model: boolean
  /** What a rule reads where the value is not known. The model sees -1, records leave it out. */
  readonly unknown: FeatureValue
}

export type FactReader = (signals: Signals, countersMissing: boolean) => FeatureValue | undefined
export type Fact = Feature & { readonly read: FactReader }

const word = (name: string, doc: string, read: FactReader): Fact => ({
  name,
  type: 'string',
  unit: 'word',
  doc,
  model: false,
  unknown: '',
  read,
})
const flag = (name: string, doc: string, read: FactReader): Fact => ({
  name,
  type: 'bool',
  unit: 'flag',
  doc,
  model: true,
  unknown: false,
  read,
})
const amount = (name: string, unit: string, doc: string, read: FactReader): Fact => ({
  name,
  type: 'double',
  unit,
  doc,
  model: true,
  unknown: -1,
  read,
})
const forRulesOnly = (fact: Fact): Fact => ({ ...fact, model: false })
const presumedTrue = (fact: Fact): Fact => ({ ...fact, unknown: true })

const HOUR_MS = 3_600_000
/** What is known of the request itself, in catalogue order. */
export const FACTS: readonly Fact[] = [
  word('request.channel', 'How the code travels: sms or voice.', (s) => s.channel),
  word('request.purpose', 'What the caller says the code is for.', (s) => s.purpose),
  flag('request.voice', 'The code is to be spoken in a call.', (s) => s.channel === 'voice'),
  amount('request.price_micros', 'micros', 'What one send costs the tenant.', (s) => s.price),
  amount(
    'request.hour_utc',
    'hour',
    'Hour of the day in UTC, 0 to 23.',
    (s) => Math.floor(s.atMs / HOUR_MS) % 24,
  ),
  word(
    'number.country',
    'ISO 3166-1 country of the number, 001 for numbers of no country.',
    (s) => s.phone.country,
  ),
  word('number.calling_code', 'Country calling code, digits only.', (s) => s.phone.callingCode),
  word(
    'number.line_type',
    'Line type, e.g. mobile, fixed_line, voip, premium_rate.',
    (s) => s.phone.lineType,
  ),
  word('number.carrier', 'Carrier that the prefix was given to.', (s) => s.phone.carrier),
  flag(
    'number.carrier_known',
    'The carrier of the prefix is known.',
    (s) => s.phone.carrier !== undefined,
  ),
  flag('number.valid', 'The number lies in a range that was given out.', (s) => s.phone.valid),
  flag(
    'number.mobile',
    'The number may be a mobile.',
    (s) => s.phone.lineType === 'mobile' || s.phone.lineType === 'fixed_line_or_mobile',
  ),
  flag(
    'number.fixed_line',
    'The number is a fixed line and nothing else.',
    (s) => s.phone.lineType === 'fixed_line',
  ),
  flag(
    'number.voip',
    'The number belongs to an internet telephony range.',
    (s) => s.phone.lineType === 'voip',
  ),
  flag(
    'number.special_tariff',
    'Premium, shared cost, pager, company-wide or voicemail number.',
    (s) => isSpecialTariff(s.phone.lineType),
  ),
  flag(
    'number.disposable',
    'The number is on a list of public throw-away inboxes.',
    (s) => s.phone.disposable,
  ),
  amount(
    'number.risk_tier',
    'tier',
    'How often pumping aims at the country: 0 hardly ever, 1 ordinary, 2 often, 3 most of all.',
    (s) => destinationRisk(s.phone.country),
  ),
  flag(
    'number.high_risk_destination',
    'The risk tier is 2 or 3.',
    (s) => destinationRisk(s.phone.country) >= 2,
  ),
  flag(
    'network.given',
    'The caller told the end user’s address.',
    (s) => s.network.ip !== undefined,
  ),
  flag(
    'network.known',
    'Country or ASN of the network is known.',
    (s) => s.network.country !== undefined || s.network.asn !== undefined,
  ),
  word('network.country', 'ISO country of the network.', (s) => s.network.country),
  forRulesOnly(
    amount('network.asn', 'id', 'Autonomous system number of the network.', (s) => s.network.asn),
  ),
  flag('network.hosting', 'The network belongs to a data centre.', (s) => s.network.hosting),
  flag('network.vpn', 'The address belongs to a VPN.', (s) => s.network.vpn),
  flag('network.tor', 'The address is a Tor exit.', (s) => s.network.tor),
  presumedTrue(
    flag('network.country_matches_number', 'Network and number are of one country.', (s) =>
      s.network.country === undefined ? undefined : s.network.country === s.phone.country,
    ),
  ),
  flag(
    'client.known',
    'The caller told something of the end user’s client.',
    (s) => s.client.signature !== undefined || s.client.browser !== undefined,
  ),
  flag('client.automated', 'A bot or a bare HTTP library.', (s) => s.client.automated),
  flag(
    'client.app_stack',
    'An HTTP stack that bots and real apps share.',
    (s) => s.client.appStack,
  ),
  flag(
    'client.hints_mismatch',
    'User agent and client hints contradict each other.',
    (s) => s.client.hintsMismatch,
  ),
  flag('client.mobile', 'The client is a phone or tablet.', (s) => s.client.mobile),
  flag('client.outdated', 'A browser version that hardly anybody runs any more.', (s) =>
    isOutdatedBrowser(s.client),
  ),
  word('client.browser', 'Name of the browser.', (s) => s.client.browser),
  forRulesOnly(
    amount(
      'client.browser_major',
      'version',
      'Major version of the browser.',
      (s) => s.client.browserMajor,
    ),
  ),
  word('client.os', 'Name of the operating system.', (s) => s.client.os),
  word('client.language', 'Primary language, lower case.', (s) => s.client.language),
  presumedTrue(
    flag(
      'client.language_fits_number',
      'The language is English or the main one of the number’s country.',
      (s) => languageFits(s.client.language, s.phone.country),
    ),
  ),
  presumedTrue(
    flag(
      'client.language_fits_network',
      'The language is English or the main one of the network’s country.',
      (s) => languageFits(s.client.language, s.network.country),
    ),
  ),
  flag(
    'session.known',
    'The caller told the age of the session.',
    (s) => s.sessionAgeMs !== undefined,
  ),
  amount('session.age_ms', 'ms', 'From page load to this request.', (s) => s.sessionAgeMs),
  forRulesOnly(
    flag('lists.allowed', 'An allow list names the request.', (s) => s.lists.allowed !== undefined),
  ),
  word(
    'lists.allowed_kind',
    'Kind of the allow entry, e.g. phone or cidr.',
    (s) => s.lists.allowed,
  ),
  forRulesOnly(
    flag(
      'lists.blocked',
      'A block list names the request and no allow list does.',
      (s) => s.lists.blocked !== undefined,
    ),
  ),
  word(
    'lists.blocked_kind',
    'Kind of the block entry, e.g. phone or cidr.',
    (s) => s.lists.blocked,
  ),
  forRulesOnly(
    flag(
      'counters.missing',
      'The counters did not answer, so every count is unknown.',
      (_, countersMissing) => countersMissing,
    ),
  ),
]
