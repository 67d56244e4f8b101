import type { ClientMix } from './clients.ts'
import type { NetworkMix } from './networks.ts'
import type { Tenant, Weighted } from './tenant.ts'

/**
 * Everything about a world that could as well be otherwise. Detectors are built and trained on one setting and measured on
 * another one too, so that what holds only for our own choice of figures does not pass for a principle.
 */
export type Setting = {
  readonly tenants: readonly Tenant[]
  /** Sends to countries where messages get lost. */
  readonly aid: Tenant
  /** Calls from its own servers and tells nothing of its users. */
  readonly backend: Tenant
  readonly rhythm: Rhythm
  readonly clients: ClientMix
  readonly networks: NetworkMix
  readonly habits: Habits
  readonly crowds: Crowds
  readonly attacks: Attacks
}

/** The hours of the day: a long wave and, where people have two peaks, a short one on top. */
export type Rhythm = {
  readonly peakHour: number
  readonly swing: number
  readonly secondSwing: number
  /** Of an ordinary day. */
  readonly weekend: number
}

/** Milliseconds as the median and the standard deviation of the logarithm. */
export type Delay = readonly [medianMs: number, spread: number]

/** What people do with a code, and how long they take. Shares are from 0 to 1. */
export type Habits = {
  readonly session: Delay
  readonly arrival: Delay
  /** Messages that arrive only after minutes. */
  readonly slow: number
  /** When the carrier says that a message is lost. */
  readonly lostAfter: Delay
  readonly typing: Delay
  readonly mistypes: number
  readonly solves: number
  /** Who asks again when nothing arrives; pages count down a minute before they offer it. */
  readonly resends: number
  /** Those of them who find a way to ask before the minute is over. */
  readonly early: number
  /** Who tries once more after a refusal. */
  readonly returns: number
}

/** Factors on the sizes of what happens to many people at once. */
export type Crowds = {
  /** Sales and launches in one run. */
  readonly events: number
  readonly flash: number
  readonly flashHours: number
  /** Whether everybody who comes at once is from one of the tenant's countries: a local event rather than a sale. */
  readonly flashLocal: boolean
  readonly office: number
  /** In which a department is enrolled, and how many companies there are. */
  readonly officeHours: number
  readonly offices: number
  readonly launch: number
  readonly launchCountries: readonly string[]
  readonly launchGivesUp: readonly [number, number]
  readonly outageDelivery: number
  readonly campus: Campus
  /** Share of a family's numbers that are from another country. */
  readonly familyAfar: number
}

export type Campus = {
  /** Share of numbers from other countries. */
  readonly afar: number
  /** Neighbouring addresses that the students share. */
  readonly gates: number
  /** Everybody enrols within so many hours of one day; 0: they come all the time. */
  readonly enrolHours: number
}

export type Attacks = {
  /** Destinations that pay: high termination fees or carriers that share them. */
  readonly paying: Weighted<string>
  /** Share of requests to those; the others go anywhere. */
  readonly payingShare: number
  /** Share of campaigns that aim at countries where the tenant has customers anyway. */
  readonly usual: number
  /** Where proxies are rented: anywhere, where the tenant's customers are, or where the numbers are. */
  readonly hideouts: Weighted<'anywhere' | 'market' | 'destination'>
  /** Where proxies are to be had. */
  readonly proxies: Weighted<string>
  /** Share of proxies on home lines; the others are VPN exits and rented machines. */
  readonly residential: number
  readonly blockSizes: Weighted<number>
  /** Factors on requests, on durations and on the number of addresses. */
  readonly size: number
  readonly length: number
  readonly pool: number
  /** Share of campaigns that begin in the night of the tenant. */
  readonly night: number
  readonly kits: Weighted<'script' | 'disguised' | 'browser'>
  /** Factor on how often tools pass challenges. */
  readonly solves: number
  readonly delivered: readonly [number, number]
  /** Requests refused in a row before something is changed, and changes before the attacker leaves. */
  readonly patience: number
  readonly changes: number
  /** Share of what got through that the operator reports. */
  readonly reported: number
  /** How the attacker's own conversions come in: by the clock from a few addresses, or as people would. */
  readonly conversions: 'clockwork' | 'lifelike'
}
