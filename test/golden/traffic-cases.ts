import type { Case, Counts } from './rule-requests.ts'

const pumped = (asks: number, unverified: number) => ({
  asks_10m: asks,
  asks_1h: asks,
  asks_24h: asks,
  phones_24h: asks,
  sends_1h: unverified,
  sends_24h: unverified,
  sends_7d: unverified,
  unverified_1h: unverified,
  unverified_24h: unverified,
})
/** As busy, but people answer as they do everywhere. */
const flashCrowd = (asks: number) => ({
  ...pumped(asks, Math.round(asks * 0.25)),
  sends_1h: asks,
  sends_24h: asks,
  sends_7d: asks,
  verified_1h: Math.round(asks * 0.7),
  verified_24h: Math.round(asks * 0.7),
})
/** Unanswered, but no busier than in the week before. */
const ordinaryVolume = (asks: number, unverified: number) => ({
  ...pumped(asks, unverified),
  sends_7d: asks * 144 + unverified,
})
const waiting = (asks: number) => ({
  ...pumped(asks, 0),
  sends_1h: asks - 1,
  sends_24h: asks - 1,
  sends_7d: asks - 1,
})

export const RANGE_CASES = {
  'range2-pumped': {
    fires: { counts: { range2: pumped(9, 7) } },
    spares: { counts: { range2: ordinaryVolume(9, 7) } },
  },
  'range2-unverified': {
    fires: { counts: { range2: ordinaryVolume(9, 7) } },
    spares: { counts: { range2: flashCrowd(9) } },
  },
  'range2-burst': {
    fires: { counts: { range2: waiting(8) } },
    spares: { counts: { range2: flashCrowd(8) } },
  },
  'range3-pumped': {
    fires: { counts: { range3: pumped(15, 10) } },
    spares: { counts: { range3: flashCrowd(30) } },
  },
  'range3-unverified': {
    fires: { counts: { range3: ordinaryVolume(15, 10) } },
    spares: { counts: { range3: pumped(15, 4) } },
  },
  'range3-burst': {
    fires: { counts: { range3: waiting(16) } },
    spares: { counts: { range3: waiting(5) } },
  },
  'range4-pumped': {
    fires: { counts: { range4: pumped(30, 20) } },
    spares: { counts: { range4: ordinaryVolume(30, 20) } },
  },
  'range4-unverified': {
    fires: { counts: { range4: ordinaryVolume(30, 22) } },
    spares: { counts: { range4: flashCrowd(60) } },
  },
  'range4-burst': {
    fires: { counts: { range4: waiting(40) } },
    spares: { counts: { range4: flashCrowd(40) } },
  },
  'range-reported': {
    fires: { counts: { range3: { reports_7d: 2 } } },
    spares: { counts: { range3: { reports_7d: 1 } } },
  },
} satisfies Record<string, { fires: Case; spares: Case }>

const ESTABLISHED = {
  sends_7d: 20_000,
  sends_24h: 3000,
  verified_7d: 15_000,
  unverified_7d: 5000,
  verified_24h: 2200,
  unverified_24h: 800,
}
const BUSY_HOUR = { ...ESTABLISHED, asks_1h: 200 }

/** Counts of a destination within an account that has a past. */
const inAccount = (kind: 'carrier' | 'country', counts: Counts['country']): Case => ({
  counts: { account: BUSY_HOUR, [kind]: counts },
})

const FROM_ELSEWHERE: Case = { network: { country: 'NL' } }

export const DESTINATION_CASES = {
  'carrier-pumped': {
    fires: inAccount('carrier', pumped(60, 40)),
    spares: inAccount('carrier', flashCrowd(60)),
  },
  'carrier-unverified': {
    fires: { ...inAccount('carrier', ordinaryVolume(60, 40)), ...FROM_ELSEWHERE },
    spares: inAccount('carrier', ordinaryVolume(60, 40)),
  },
  'country-pumped': {
    fires: inAccount('country', pumped(60, 40)),
    spares: inAccount('country', ordinaryVolume(60, 40)),
  },
  'country-unverified': {
    fires: { ...inAccount('country', ordinaryVolume(60, 40)), ...FROM_ELSEWHERE },
    spares: inAccount('country', ordinaryVolume(60, 40)),
  },
  'country-burst': {
    fires: inAccount('country', waiting(40)),
    spares: {
      counts: { country: waiting(40), account: { asks_1h: 40, sends_7d: 39, sends_24h: 39 } },
    },
  },
  'country-costly-surge': {
    fires: { ...inAccount('country', flashCrowd(60)), ...FROM_ELSEWHERE, price: 320_000 },
    spares: { ...inAccount('country', flashCrowd(60)), price: 320_000 },
  },
  'country-drip': {
    fires: {
      phone: { country: 'BD' },
      counts: { country: pumped(2, 8) },
      watch: { suspicion: 0.7 },
    },
    spares: { phone: { country: 'BD' }, counts: { country: pumped(2, 8) } },
  },
  'account-unverified': {
    fires: {
      ...FROM_ELSEWHERE,
      counts: { account: { ...ESTABLISHED, asks_1h: 900, unverified_1h: 300, verified_1h: 60 } },
    },
    spares: {
      ...FROM_ELSEWHERE,
      counts: { account: { ...ESTABLISHED, asks_1h: 900, unverified_1h: 90, verified_1h: 270 } },
    },
  },
} satisfies Record<string, { fires: Case; spares: Case }>
