import type { Case } from './rule-requests.ts'

const FROM_ELSEWHERE = { network: { country: 'US' }, client: { language: 'ru' } } as const
const DRAINED = { suspicion: 0.9, surge: 6, excess: 4 }
const RARE = { rare_suspicion: 0.6, rare_excess: 5, rare_surge: 6, country_suspicion: 0.7 }
const LAUNCH = { country_surge: 6, country_share: 0.002, country_trusted: 1 }

/** What is remembered of ranges: each rule, and the known customer, launch or outage that comes close. */
export const WATCH_CASES: Readonly<
  Record<string, { readonly fires: Case; readonly spares: Case }>
> = {
  'range-blocked': { fires: { closure: 'blocked' }, spares: { closure: 'blocked', known: true } },
  'range-probing': { fires: { closure: 'probing' }, spares: { closure: 'blocked' } },
  'range-drained': {
    fires: { watch: DRAINED },
    spares: { watch: { ...DRAINED, surge: 1 } },
  },
  'range-suspected': {
    fires: { watch: { suspicion: 0.4, surge: 3, excess: 1.5 } },
    spares: { watch: { suspicion: 0.4, surge: 1, excess: 1.5 } },
  },
  'range-suspected-and-odd': {
    fires: { ...FROM_ELSEWHERE, watch: { suspicion: 0.6, surge: 3, excess: 1.5 } },
    spares: { network: { country: 'US' }, watch: { suspicion: 0.6, surge: 3, excess: 1.5 } },
  },
  'rare-drained': { fires: { watch: RARE }, spares: { watch: { ...RARE, country_surge: 8 } } },
  'home-unsuspected': {
    fires: { watch: { country_share: 0.6, suspicion: 0.05 } },
    spares: { watch: { country_share: 0.6, suspicion: 0.4 } },
  },
  'range-answers': {
    fires: { counts: { range3: { verified_24h: 9 } } },
    spares: { counts: { range3: { verified_24h: 9 } }, watch: { country_surge: 6 } },
  },
  'ip-answers': {
    fires: { counts: { ip: { verified_24h: 9 } } },
    spares: { counts: { ip: { verified_24h: 9 } }, watch: { typed_elsewhere: 0.5 } },
  },
  'rare-suspected': {
    fires: { watch: { rare_suspicion: 0.4, rare_excess: 2, country_suspicion: 0.4 } },
    spares: { watch: { rare_suspicion: 0.4, rare_excess: 2, country_suspicion: 0.1 } },
  },
  'rare-surge': { fires: { watch: LAUNCH }, spares: { watch: { ...LAUNCH, country_trusted: 9 } } },
  'rare-surge-everywhere': {
    fires: { watch: { rare_surge: 8 } },
    spares: { watch: { rare_surge: 8, country_trusted: 5 } },
  },
  'rare-surge-and-odd': {
    fires: { ...FROM_ELSEWHERE, watch: LAUNCH, counts: { country: { unverified_24h: 3 } } },
    spares: { ...FROM_ELSEWHERE, watch: LAUNCH },
  },
  'elsewhere-drained': {
    fires: {
      watch: { elsewhere_suspicion: 0.8, elsewhere_surge: 6, elsewhere_excess: 3 },
    },
    spares: {
      known: true,
      watch: { elsewhere_suspicion: 0.8, elsewhere_surge: 6, elsewhere_excess: 3 },
    },
  },
}
