import type { Case } from './rule-requests.ts'
import { DESTINATION_CASES, RANGE_CASES } from './traffic-cases.ts'
import { WATCH_CASES } from './watch-cases.ts'

/** A script of the account's own in a data centre, and the number that it has asked for every four hours since yesterday. */
const PROBE: Case = { network: { hosting: true }, client: { automated: true }, price: 40_000 }
const BY_THE_CLOCK = {
  phone: { asks_24h: 6, unverified_24h: 6, ips_24h: 1, gap_ms: 14_400_000 },
  phone_any: { asks_24h: 6, accounts_24h: 1 },
  ip: { asks_1h: 1, asks_24h: 12, phones_24h: 2, unverified_24h: 12, countries_24h: 1 },
} as const

/** An account most of whose wrong codes of a day are guesses. */
const GUESSED = { account: { mistyped_24h: 60, verified_24h: 300 } } as const

/** The same, of numbers of one country. */
const GUESSED_HERE = { country: { mistyped_24h: 60, verified_24h: 300 } } as const

/** Per rule: a request that it is meant for, and one that comes close and is none of its business. */
export const RULE_CASES: Readonly<Record<string, { readonly fires: Case; readonly spares: Case }>> =
  {
    'list-allowed': { fires: { lists: { allowed: 'phone' } }, spares: {} },
    'list-blocked': { fires: { lists: { blocked: 'cidr' } }, spares: { lists: { allowed: 'ip' } } },

    'number-special-tariff': {
      fires: { phone: { lineType: 'premium_rate' } },
      spares: { phone: { lineType: 'personal_number' } },
    },
    'number-toll-free': {
      fires: { phone: { lineType: 'toll_free' } },
      spares: { phone: { lineType: 'unknown' } },
    },
    'number-personal-voice': {
      fires: { channel: 'voice', phone: { lineType: 'personal_number' } },
      spares: { phone: { lineType: 'personal_number' } },
    },
    'number-personal': {
      fires: { phone: { lineType: 'personal_number' } },
      spares: { phone: { lineType: 'mobile' } },
    },
    'number-voip': {
      fires: { phone: { lineType: 'voip' } },
      spares: { channel: 'voice', phone: { lineType: 'voip' } },
    },
    'number-fixed-line': {
      fires: { phone: { lineType: 'fixed_line' } },
      spares: { phone: { lineType: 'fixed_line_or_mobile' } },
    },
    'number-not-assigned': {
      fires: { phone: { valid: false } },
      spares: { phone: { valid: true } },
    },
    'number-not-assigned-costly': {
      fires: { phone: { valid: false, country: 'PK' } },
      spares: { phone: { valid: false } },
    },
    'number-disposable': {
      fires: { phone: { disposable: true } },
      spares: { phone: { disposable: undefined } },
    },
    'number-disposable-script': {
      fires: { phone: { disposable: true }, client: { automated: true } },
      spares: { phone: { disposable: true } },
    },

    'destination-most-pumped': {
      fires: { phone: { country: 'TJ' } },
      spares: { phone: { country: 'KZ' } },
    },
    'destination-foreign-data-centre': {
      fires: { phone: { country: 'LK' }, network: { country: 'NL', hosting: true } },
      spares: { phone: { country: 'LK' }, network: { country: 'LK', hosting: true } },
    },
    'destination-foreign-script': {
      fires: { phone: { country: 'DZ' }, client: { automated: true } },
      spares: { phone: { country: 'FR' }, client: { automated: true } },
    },
    'destination-new-and-foreign': {
      fires: { phone: { country: 'AZ' }, counts: { account: { sends_7d: 900, sends_24h: 100 } } },
      spares: {
        phone: { country: 'AZ' },
        counts: {
          account: { sends_7d: 900, sends_24h: 100 },
          net: { verified_24h: 12, unverified_24h: 1 },
        },
      },
    },
    'destination-foreign-language': {
      fires: { phone: { country: 'FR' }, client: { language: 'th' } },
      spares: { phone: { country: 'FR' }, client: { language: 'en' } },
    },
    'destination-risky-and-foreign-language': {
      fires: { phone: { country: 'UZ' }, client: { language: 'th' } },
      spares: { phone: { country: 'UZ' }, client: { language: 'uz' } },
    },
    'destination-foreign-and-fast': {
      fires: { phone: { country: 'PK' }, sessionAgeMs: 2000 },
      spares: { phone: { country: 'PK' }, sessionAgeMs: 2600 },
    },
    'destination-silent-and-foreign': {
      fires: { phone: { country: 'PE' }, counts: { country: { unverified_24h: 3 } } },
      spares: {
        phone: { country: 'PE' },
        counts: { country: { unverified_24h: 9, verified_24h: 1 } },
      },
    },
    'destination-silent-and-three-places': {
      fires: {
        phone: { country: 'UZ' },
        client: { language: 'th' },
        counts: { country: { unverified_24h: 2 } },
      },
      spares: {
        phone: { country: 'UZ' },
        client: { language: 'th' },
        counts: { country: { unverified_24h: 2, verified_24h: 1 } },
      },
    },
    'destination-drained': {
      fires: {
        phone: { country: 'SY' },
        counts: { country: { unverified_24h: 14 } },
        watch: { suspicion: 0.7 },
      },
      spares: {
        phone: { country: 'SY' },
        network: { country: 'SY' },
        counts: { country: { unverified_24h: 14 } },
        watch: { suspicion: 0.7 },
      },
    },

    'network-tor': { fires: { network: { tor: true } }, spares: { network: { tor: undefined } } },
    'network-hosting': {
      fires: { network: { hosting: true } },
      spares: { network: { vpn: true } },
    },
    'network-vpn': { fires: { network: { vpn: true } }, spares: { network: { vpn: false } } },
    'network-hosting-script': {
      fires: { network: { hosting: true }, client: { hintsMismatch: true } },
      spares: { network: { hosting: true }, client: { appStack: true } },
    },
    'asn-unverified': {
      fires: { counts: { asn: { unverified_24h: 60, verified_24h: 5, asks_1h: 80 } } },
      spares: { counts: { asn: { unverified_24h: 60, verified_24h: 140, asks_1h: 80 } } },
    },
    'asn-hosting-unverified': {
      fires: {
        network: { hosting: true },
        counts: { asn: { unverified_24h: 30, verified_24h: 1 } },
      },
      spares: { counts: { asn: { unverified_24h: 30, verified_24h: 1 } } },
    },
    'asn-reported': {
      fires: { counts: { asn: { reports_7d: 6, unverified_24h: 20, verified_24h: 5 } } },
      spares: { counts: { asn: { reports_7d: 6, unverified_24h: 20, verified_24h: 80 } } },
    },

    'client-automated': {
      fires: { client: { automated: true } },
      spares: { client: { appStack: true } },
    },
    'client-hints-mismatch': {
      fires: { client: { hintsMismatch: true } },
      spares: { client: { mobile: false } },
    },
    'client-outdated': {
      fires: { client: { browser: 'Chrome', browserMajor: 49 } },
      spares: { client: { browser: 'Chrome', browserMajor: 109 } },
    },
    'client-app-stack': { fires: { client: { appStack: true } }, spares: {} },
    'client-unverified': {
      fires: {
        counts: { client: { unverified_24h: 40, verified_24h: 2, asks_1h: 50, phones_24h: 45 } },
      },
      spares: {
        counts: { client: { unverified_24h: 40, verified_24h: 95, asks_1h: 50, phones_24h: 130 } },
      },
    },
    'client-guessing': {
      fires: {
        counts: { ...GUESSED, client: { mistyped_24h: 20, verified_24h: 20 } },
        sessionAgeMs: 1_200,
      },
      spares: {
        counts: { ...GUESSED, client: { mistyped_24h: 20, verified_24h: 20 } },
        sessionAgeMs: 24_000,
      },
    },

    'guessing-address': {
      fires: { counts: { ...GUESSED_HERE, ip: { mistyped_24h: 1 } } },
      spares: { counts: { ...GUESSED_HERE, ip: { mistyped_24h: 1, verified_24h: 1 } } },
    },
    'guessing-foreign-clients': {
      fires: {
        counts: { ...GUESSED_HERE, client: { mistyped_24h: 2 } },
        network: { country: 'NL' },
      },
      spares: {
        counts: { ...GUESSED_HERE, client: { mistyped_24h: 2 } },
        network: { country: 'NL', vpn: true },
      },
    },
    'guessing-foreign': {
      fires: { counts: GUESSED_HERE, network: { country: 'NL' } },
      spares: { counts: GUESSED_HERE },
    },
    'guessing-clients': {
      fires: { counts: { ...GUESSED_HERE, client: { mistyped_24h: 20, unverified_24h: 20 } } },
      spares: { counts: { ...GUESSED_HERE, client: { mistyped_24h: 1, verified_24h: 20 } } },
    },

    'session-too-fast': { fires: { sessionAgeMs: 300 }, spares: { sessionAgeMs: 1500 } },
    'session-fast': { fires: { sessionAgeMs: 1500 }, spares: { sessionAgeMs: 4000 } },
    'session-too-fast-script': {
      fires: { sessionAgeMs: 300, network: { hosting: true } },
      spares: { sessionAgeMs: 300 },
    },

    'phone-rapid': {
      fires: { counts: { phone: { asks_1h: 6, gap_ms: 900 } } },
      spares: { counts: { phone: { asks_1h: 2, gap_ms: 900 } } },
    },
    'phone-never-answers': {
      fires: { counts: { phone: { unverified_24h: 4 } } },
      spares: { counts: { phone: { unverified_24h: 4, verified_24h: 1 } } },
    },
    'phone-many-addresses': {
      fires: { counts: { phone: { ips_24h: 6, asks_24h: 7 } } },
      spares: { counts: { phone: { ips_24h: 6, asks_24h: 7, verified_24h: 5 } } },
    },
    'phone-challenges-failed': {
      fires: { counts: { phone: { challenges_failed_1h: 7 } } },
      spares: { counts: { phone: { challenges_failed_1h: 2 } } },
    },
    'phone-reported': { fires: { counts: { phone: { reports_7d: 1 } } }, spares: {} },
    'phone-across-accounts': {
      fires: { counts: { phone_any: { accounts_24h: 3, unverified_24h: 4 } } },
      spares: { counts: { phone_any: { accounts_24h: 4, unverified_24h: 4, verified_24h: 4 } } },
    },
    'phone-bombed': {
      fires: { counts: { phone_any: { accounts_24h: 6, unverified_24h: 9 } } },
      spares: { counts: { phone_any: { accounts_24h: 6, unverified_24h: 9, verified_24h: 6 } } },
    },
    'phone-reported-elsewhere': {
      fires: { counts: { phone_any: { reports_7d: 2 } } },
      spares: { counts: { phone_any: { reports_7d: 1 } } },
    },

    'ip-unverified': {
      fires: { counts: { ip: { unverified_24h: 14, verified_24h: 2 } } },
      spares: { counts: { ip: { unverified_24h: 90, verified_24h: 210 } } },
    },
    'ip-burst': {
      fires: { counts: { ip: { asks_10m: 25, sends_1h: 24, phones_24h: 24 } } },
      spares: { counts: { ip: { asks_10m: 25, sends_1h: 24, verified_1h: 15, phones_24h: 24 } } },
    },
    'ip-many-countries': {
      fires: { counts: { ip: { countries_24h: 7, unverified_24h: 6 } } },
      spares: { counts: { ip: { countries_24h: 40, verified_24h: 40 } } },
    },
    'ip-challenges-failed': {
      fires: { counts: { ip: { challenges_failed_1h: 6 } } },
      spares: { counts: { ip: { challenges_failed_1h: 6, verified_24h: 30 } } },
    },
    'ip-reported': { fires: { counts: { ip: { reports_7d: 1 } } }, spares: {} },
    'net-unverified': {
      fires: { counts: { net: { unverified_24h: 30, verified_24h: 3, asks_1h: 20 } } },
      spares: { counts: { net: { unverified_24h: 60, verified_24h: 150, asks_1h: 20 } } },
    },
    'device-many-numbers': {
      fires: { counts: { device: { phones_24h: 5, unverified_24h: 3 } } },
      spares: { counts: { device: { phones_24h: 5, unverified_24h: 1, verified_24h: 4 } } },
    },
    'device-farm': {
      fires: { counts: { device: { phones_24h: 12, unverified_24h: 10 } } },
      spares: { counts: { device: { phones_24h: 60, unverified_24h: 28, verified_24h: 32 } } },
    },
    'device-busy': {
      fires: { counts: { device: { asks_24h: 12, phones_24h: 4, unverified_24h: 5 } } },
      spares: { counts: { device: { asks_24h: 30, phones_24h: 20, verified_24h: 22 } } },
    },

    ...RANGE_CASES,
    ...WATCH_CASES,
    ...DESTINATION_CASES,

    'voice-risky-destination': {
      fires: { channel: 'voice', phone: { country: 'BB' }, network: { country: 'BB' } },
      spares: {
        channel: 'voice',
        phone: { country: 'BB' },
        network: { country: 'BB' },
        known: true,
      },
    },
    'voice-risky-and-foreign': {
      fires: { channel: 'voice', phone: { country: 'LK' } },
      spares: { channel: 'voice', phone: { country: 'LK' }, network: { country: 'LK' } },
    },
    'voice-repeated': {
      fires: { channel: 'voice', counts: { phone: { asks_1h: 3 } } },
      spares: { channel: 'voice', counts: { phone: { asks_1h: 3, verified_24h: 1 } } },
    },

    'looks-alone': {
      fires: PROBE,
      spares: { ...PROBE, counts: { ip: { asks_1h: 40, asks_24h: 40, phones_24h: 40 } } },
    },
    'probe-by-the-clock': {
      fires: { ...PROBE, counts: BY_THE_CLOCK },
      spares: { ...PROBE, counts: { ...BY_THE_CLOCK, phone_any: { accounts_24h: 3 } } },
    },

    'counters-missing': { fires: { counts: 'missing' }, spares: { counts: {} } },
    'counters-missing-costly': {
      fires: { counts: 'missing', phone: { country: 'IR' } },
      spares: { counts: 'missing' },
    },
  }
