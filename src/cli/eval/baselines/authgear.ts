import type { Detector } from '../detector.ts'
import { DAY, type OpenSend, OpenSends, orMake } from './windows.ts'

/** Risk tiers of countries as Authgear's specification lists them; all others are in the middle. */
const HIGH = new Set('DZ AZ BD CU IR IL NG OM PK PS LK SY TJ TN'.split(' '))
const LOW = new Set(['US', 'CA'])
const TIERS = {
  high: { floor: 15, share: 0.2 },
  middle: { floor: 30, share: 0.5 },
  low: { floor: 300, share: 1 },
} as const
const COUNTRIES_PER_IP = 5
const DAYS_REMEMBERED = 14

/**
 * The formulas of Authgear's fraud protection specification, each used as a denial, per tenant. Unverified codes of an address: more
 * than max(20, half of those verified in 24 h) a day or max(5, a sixth of that half) an hour. Of a country: more than
 * max(floor, share x M) a day and a sixth of it an hour, with M the most verified codes on a day of the last 14. And
 * numbers of more than 5 countries from one address in a day. Codes of flows that ended another way do not count.
 */
export function openAuthgear(): Detector {
  const addresses = new Map<string, AddressBook>()
  const countries = new Map<string, CountryBook>()
  const open = new Map<string, OpenCode>()
  const addressOf = (key: string) => orMake(addresses, key, newAddressBook)
  const countryOf = (key: string) => orMake(countries, key, newCountryBook)
  return {
    decide: ({ event, country }) => {
      const { t, ip, tenant, ref } = event
      const book = countryOf(`${tenant}|${country}`)
      const address = ip === null ? undefined : addressOf(`${tenant}|${ip}`)
      address?.countries.set(country, t)
      open.set(ref, { book, address })
      const reasons = [
        ...(countryFull(book, country, t) ? ['country_unverified'] : []),
        ...(address === undefined ? [] : addressReasons(address, t)),
      ]
      return reasons.length > 0 ? { decision: 'block', reasons } : { decision: 'allow' }
    },
    learn: (event, sent) => {
      const code = open.get(event.ref)
      if (code === undefined) return
      if (event.type === 'issue') {
        if (sent) hold(code, event.t)
        else open.delete(event.ref)
      }
      if (event.type === 'completed') release(code)
      if (event.type !== 'check' || !event.correct) return
      release(code)
      verified(code, event.t)
      open.delete(event.ref)
    },
  }
}

type AddressBook = {
  readonly sends: OpenSends
  readonly verifiedMs: number[]
  /** When each country was last asked for. */
  readonly countries: Map<string, number>
}
type CountryBook = { readonly sends: OpenSends; readonly verifiedByDay: Map<number, number> }
type OpenCode = {
  readonly book: CountryBook
  readonly address: AddressBook | undefined
  held?: readonly [OpenSend, OpenSend | undefined]
}

const newAddressBook = (): AddressBook => ({
  sends: new OpenSends(),
  verifiedMs: [],
  countries: new Map(),
})
const newCountryBook = (): CountryBook => ({ sends: new OpenSends(), verifiedByDay: new Map() })

function hold(code: OpenCode, atMs: number): void {
  code.held = [code.book.sends.add(atMs), code.address?.sends.add(atMs)]
}

function release({ held, book, address }: OpenCode): void {
  if (held === undefined) return
  const [own, sameAddress] = held
  book.sends.close(own)
  if (sameAddress !== undefined) address?.sends.close(sameAddress)
}

function verified({ book, address }: OpenCode, atMs: number): void {
  const day = Math.floor(atMs / DAY)
  book.verifiedByDay.set(day, (book.verifiedByDay.get(day) ?? 0) + 1)
  address?.verifiedMs.push(atMs)
}

function countryFull({ sends, verifiedByDay }: CountryBook, country: string, nowMs: number) {
  const today = Math.floor(nowMs / DAY)
  let most = 0
  for (let day = today - DAYS_REMEMBERED + 1; day <= today; day++) {
    most = Math.max(most, verifiedByDay.get(day) ?? 0)
  }
  const { floor, share } = TIERS[tierOf(country)]
  const perDay = Math.max(floor, share * most)
  const unverified = sends.at(nowMs)
  return unverified.day >= perDay || unverified.hour >= perDay / 6
}

function tierOf(country: string): keyof typeof TIERS {
  if (HIGH.has(country)) return 'high'
  return LOW.has(country) ? 'low' : 'middle'
}

function addressReasons(
  { sends, verifiedMs, countries }: AddressBook,
  nowMs: number,
): readonly string[] {
  while ((verifiedMs[0] ?? nowMs) <= nowMs - DAY) verifiedMs.shift()
  for (const [country, atMs] of countries) if (atMs <= nowMs - DAY) countries.delete(country)
  const half = verifiedMs.length / 2
  const unverified = sends.at(nowMs)
  const full = unverified.day >= Math.max(20, half) || unverified.hour >= Math.max(5, half / 6)
  return [
    ...(full ? ['ip_unverified'] : []),
    ...(countries.size > COUNTRIES_PER_IP ? ['ip_countries'] : []),
  ]
}
