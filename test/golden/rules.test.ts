import { expect, test } from 'vitest'
import { RULE_CASES } from './rule-cases.ts'
import { type Case, decisionOf, defaultRules, hitsOf, NO_CLIENT } from './rule-requests.ts'

const rules = defaultRules()
const ids = rules.rules.map(({ hit }) => hit.ruleId)

test('every shipped rule has a case that fires it and one that does not', () => {
  expect(Object.keys(RULE_CASES).sort()).toEqual([...ids].sort())
})

for (const [id, { fires, spares }] of Object.entries(RULE_CASES)) {
  test(`${id} fires for what it is meant for and spares what comes close`, () => {
    expect(hitsOf(rules, fires)).toContain(id)
    expect(hitsOf(rules, spares)).not.toContain(id)
  })
}

test('an ordinary request meets no rule at all', () => {
  expect(hitsOf(rules, {})).toEqual([])
  expect(decisionOf(rules, {})).toMatchObject({
    outcome: 'allow',
    score: 0,
    reasons: [{ code: 'no_risk_found' }],
  })
})

const crowd = (asks: number) => ({
  asks_10m: asks / 4,
  asks_1h: asks,
  asks_24h: asks,
  sends_1h: asks,
  sends_24h: asks,
  sends_7d: asks,
  verified_1h: asks * 0.68,
  verified_24h: asks * 0.68,
  verified_7d: asks * 0.68,
  unverified_1h: asks * 0.2,
  unverified_24h: asks * 0.2,
  unverified_7d: asks * 0.2,
  phones_24h: asks * 0.9,
  ips_24h: asks * 0.8,
})

const HONEST: Readonly<Record<string, Case>> = {
  'a flash crowd at home whose people answer': {
    counts: {
      account: crowd(9000),
      country: crowd(8500),
      carrier: crowd(3000),
      range4: crowd(80),
      range3: crowd(16),
      range2: crowd(4),
    },
  },
  'an office whose people all sign in behind one address': {
    counts: {
      ip: { ...crowd(60), countries_24h: 3 },
      net: crowd(80),
      range3: crowd(50),
      range2: crowd(20),
    },
  },
  'an address that thousands of mobile customers share': {
    counts: { ip: { ...crowd(400), countries_24h: 5 }, net: crowd(2000), asn: crowd(9000) },
  },
  'a traveller with a foreign number': { phone: { country: 'FR' }, client: { language: 'fr' } },
  'somebody behind a VPN': { network: { vpn: true, country: 'SE' } },
  'a person who asks for the code a second time': {
    counts: { phone: { asks_10m: 2, asks_1h: 2, asks_24h: 2, sends_24h: 1, gap_ms: 61_000 } },
  },
  'the first user of a new account in an often pumped country': {
    phone: { country: 'PK' },
    network: { country: 'PK' },
    client: { language: 'ur' },
    price: 250_000,
  },
  'a server that tells nothing about its user': NO_CLIENT,
  'the first probe of a monitor that nobody named': RULE_CASES['looks-alone']?.fires ?? {},
  'a probe by the clock whose codes nobody types in': RULE_CASES['probe-by-the-clock']?.fires ?? {},
}
for (const [name, given] of Object.entries(HONEST)) {
  test(`${name} is let through`, () => {
    expect(decisionOf(rules, given)).toMatchObject({ outcome: 'allow' })
  })
}

test('a developer who tries two hundred countries from one server is let through, answered or not yet', () => {
  for (const country of ['DZ', 'PK', 'US', 'BB', 'GB', 'MG']) {
    for (const verified of [0, 199]) {
      const counts = {
        asks_10m: 200,
        asks_1h: 200,
        asks_24h: 200,
        sends_1h: 199,
        sends_24h: 199,
        sends_7d: 199,
        phones_24h: 200,
        countries_24h: 200,
        verified_1h: verified,
        verified_24h: verified,
        verified_7d: verified,
      }
      const given = {
        ...NO_CLIENT,
        phone: { country },
        price: 400_000,
        counts: { account: counts },
      }
      expect(decisionOf(rules, given)).toMatchObject({ outcome: 'allow' })
    }
  }
})

test('a carrier that breaks down at home costs its people nothing', () => {
  const broken = {
    ...crowd(300),
    verified_1h: 20,
    verified_24h: 200,
    unverified_1h: 230,
    unverified_24h: 300,
    sends_7d: 40_000,
  }
  const counts = { carrier: broken, country: broken, account: { ...crowd(900), sends_7d: 90_000 } }
  expect(decisionOf(rules, { counts })).toMatchObject({ outcome: 'allow' })
})

test('a developer whose tries from one desk are never answered is challenged at most', () => {
  const tries = {
    asks_10m: 6,
    asks_1h: 12,
    asks_24h: 12,
    sends_1h: 11,
    sends_24h: 11,
    sends_7d: 11,
    unverified_1h: 8,
    unverified_24h: 8,
    unverified_7d: 8,
    phones_24h: 12,
    countries_24h: 9,
  }
  const given = { counts: { ip: tries, net: tries, client: tries, asn: tries, account: tries } }
  expect(decisionOf(rules, given).outcome).not.toBe('block')
})

test('surge and excess together block, either of them alone only challenges', () => {
  const outcome = (id: string) => decisionOf(rules, RULE_CASES[id]?.fires ?? {}).outcome
  expect(outcome('range3-pumped')).toBe('block')
  expect(outcome('range3-unverified')).toBe('challenge')
  expect(outcome('range3-burst')).toBe('challenge')
  expect(outcome('country-pumped')).toBe('block')
  expect(outcome('country-unverified')).toBe('challenge')
  expect(outcome('country-burst')).toBe('challenge')
})

test('an entry on an allow list outweighs everything that speaks against the request', () => {
  const given: Case = { ...RULE_CASES['range3-pumped']?.fires, lists: { allowed: 'phone' } }
  expect(decisionOf(rules, given)).toMatchObject({
    outcome: 'allow',
    reasons: [{ code: 'list_allowed' }],
  })
})
