import type { ClientFacts, LineType } from './signals.ts'

/** Countries that two verification vendors both list as often pumped. */
const MOST_PUMPED = new Set('DZ AZ BD IR IL NG OM PK PS LK SY TJ'.split(' '))
/** Countries that either of the two lists. */
const OFTEN_PUMPED = new Set(
  'AE AM BB BG BH BJ BY CU EG GE GH ID IQ IT JO KG KH KM KW KZ LA LB LY MM MV PH QA RU SA SD SV TN TT UZ YE'.split(
    ' ',
  ),
)
const HARDLY_PUMPED = new Set(['US', 'CA'])

/** 3: named by both vendors, 2: by one of them, 0: both call it untouched, 1: all others. A prior, never a proof. */
export function destinationRisk(country: string): number {
  if (MOST_PUMPED.has(country)) return 3
  if (OFTEN_PUMPED.has(country)) return 2
  return HARDLY_PUMPED.has(country) ? 0 : 1
}

const SPECIAL_TARIFF: ReadonlySet<LineType> = new Set([
  'premium_rate',
  'shared_cost',
  'pager',
  'uan',
  'voicemail',
])
/** Numbers whose owner earns on traffic, or behind which no person can read a code. */
export const isSpecialTariff = (lineType: LineType): boolean => SPECIAL_TARIFF.has(lineType)

/** Older than about six years: seen in the canned user agents of flooding tools, hardly ever in people's hands. */
const OLDEST_MAJOR: Readonly<Record<string, number>> = {
  Chrome: 80,
  'Chrome WebView': 70,
  Edge: 80,
  Firefox: 72,
  IE: 12,
  IEMobile: 12,
  Opera: 66,
  Safari: 12,
  'Mobile Safari': 11,
}

export function isOutdatedBrowser(
  client: Pick<ClientFacts, 'browser' | 'browserMajor'>,
): boolean | undefined {
  if (client.browser === undefined || client.browserMajor === undefined) return undefined
  const oldest = OLDEST_MAJOR[client.browser]
  return oldest === undefined ? undefined : client.browserMajor < oldest
}

const MAIN_LANGUAGE = new Map<string, string>()
const COUNTRIES_MAX = 300

/** The likeliest language of a country by Unicode's likely subtags; remembered, because asking costs microseconds. */
function mainLanguage(country: string): string {
  const known = MAIN_LANGUAGE.get(country)
  if (known !== undefined) return known
  const language = /^[A-Z]{2}$/.test(country)
    ? new Intl.Locale(`und-${country}`).maximize().language
    : 'und'
  if (MAIN_LANGUAGE.size < COUNTRIES_MAX) MAIN_LANGUAGE.set(country, language)
  return language
}

/** English fits everywhere; undefined where either side is not known. */
export function languageFits(
  language: string | undefined,
  country: string | undefined,
): boolean | undefined {
  if (language === undefined || country === undefined) return undefined
  if (language === 'en') return true
  const main = mainLanguage(country)
  return main === 'und' ? undefined : language === main
}
