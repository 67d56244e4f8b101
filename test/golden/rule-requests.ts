import { readFileSync } from 'node:fs'
import { parsePolicyFile } from '../../src/config/policy-file.ts'
import { readYaml } from '../../src/config/yaml-file.ts'
import type { AccountId, ServiceId } from '../../src/domain/ids.ts'
import { micros } from '../../src/domain/money.ts'
import type { Phone } from '../../src/domain/phone.ts'
import { SUBJECT_KINDS, type SubjectKind } from '../../src/domain/subjects.ts'
import { decide } from '../../src/risk/decide.ts'
import type { Memory } from '../../src/risk/feature-memory.ts'
import { toFeatures } from '../../src/risk/features.ts'
import { SIGHT_FIELDS, type SightField } from '../../src/risk/ranges/watch.ts'
import { evaluateRules, type RuleSet } from '../../src/risk/rules.ts'
import type { Signals } from '../../src/risk/signals.ts'
import { TALLY_FIELDS, type Tally, type Velocity } from '../../src/risk/velocity.ts'

/** The rules that the repository ships. */
export function defaultRules(): RuleSet {
  const text = readFileSync(new URL('../../rules/policy.yaml', import.meta.url), 'utf8')
  const parsed = parsePolicyFile(readYaml('policy.yaml', text))
  if (parsed.kind === 'wrong') throw new Error(JSON.stringify(parsed.mistakes, null, 2))
  return parsed.value
}

export type Counts = Partial<Record<SubjectKind, Partial<Tally>>>
export type Case = {
  readonly channel?: Signals['channel']
  readonly phone?: Partial<Signals['phone']>
  readonly network?: Partial<Signals['network']>
  readonly client?: Partial<Signals['client']>
  readonly lists?: Partial<Signals['lists']>
  readonly sessionAgeMs?: number
  readonly price?: number
  /** `missing`: the counters did not answer. */
  readonly counts?: Counts | 'missing'
  /** The number verified days ago. */
  readonly known?: boolean
  readonly watch?: Partial<Record<SightField, number>>
  readonly closure?: Memory['closure']
}

const QUIET: Tally = {
  ...zeroTally(),
  asks_10m: 1,
  asks_1h: 1,
  asks_24h: 1,
  phones_24h: 1,
  gap_ms: -1,
}

function zeroTally(): Tally {
  return Object.fromEntries(TALLY_FIELDS.map((field) => [field, 0])) as Tally
}

/** A person in Germany who asks for a code on a phone in Germany, changed by what the case says. */
export function signalsOf(given: Case): Signals {
  return {
    atMs: 1_790_000_000_000,
    accountId: 'AC' as AccountId,
    serviceId: 'VA' as ServiceId,
    channel: given.channel ?? 'sms',
    purpose: 'login',
    phone: {
      phone: '+4915123456789' as Phone,
      country: 'DE',
      callingCode: '49',
      lineType: 'mobile',
      valid: true,
      carrier: 'Telekom',
      disposable: false,
      ...given.phone,
    },
    network: {
      ip: '203.0.113.7',
      address: '203.0.113.7',
      net: '203.0.113.0/24',
      country: 'DE',
      asn: 3320,
      hosting: false,
      vpn: false,
      tor: false,
      ...given.network,
    },
    client: {
      browser: 'Chrome',
      browserMajor: 140,
      os: 'Android',
      mobile: true,
      automated: false,
      appStack: false,
      hintsMismatch: false,
      language: 'de',
      signature: 'chrome-android-de',
      ...given.client,
    },
    deviceId: 'device-1',
    sessionAgeMs: given.sessionAgeMs ?? 20_000,
    price: micros(given.price ?? 75_000),
    lists: { allowed: undefined, blocked: undefined, ...given.lists },
  }
}

/** A server that passes on nothing about the end user. */
export const NO_CLIENT = {
  network: {
    ip: undefined,
    address: undefined,
    net: undefined,
    country: undefined,
    asn: undefined,
    hosting: undefined,
    vpn: undefined,
    tor: undefined,
  },
  client: {
    browser: undefined,
    browserMajor: undefined,
    os: undefined,
    mobile: undefined,
    language: undefined,
    signature: undefined,
  },
} as const

export function velocityOf(given: Case): Velocity | undefined {
  const { counts = {} } = given
  if (counts === 'missing') return undefined
  return Object.fromEntries(SUBJECT_KINDS.map((kind) => [kind, { ...QUIET, ...counts[kind] }]))
}

const NO_SIGHT = Object.fromEntries(SIGHT_FIELDS.map((field) => [field, 0])) as Record<
  SightField,
  number
>

function memoryOf({ known = false, watch = {}, closure = 'open' }: Case): Memory {
  const { atMs } = signalsOf({})
  const customer = known ? { sinceMs: atMs - 30 * 86_400_000, codes: 4 } : undefined
  return { atMs, customer, sight: { ...NO_SIGHT, ...watch, levels: [] }, closure }
}

/** Ids of the rules that match, in file order. */
export function hitsOf(rules: RuleSet, given: Case): readonly string[] {
  return resultOf(rules, given).hits.map((hit) => hit.ruleId)
}

function resultOf(rules: RuleSet, given: Case) {
  const signals = signalsOf(given)
  const scope = { serviceId: 'VA', channel: signals.channel, purpose: signals.purpose }
  return evaluateRules(rules, toFeatures(signals, velocityOf(given), memoryOf(given)), scope)
}

/** What the shipped rules decide without a model, under standard protection. */
export function decisionOf(rules: RuleSet, given: Case) {
  const { hits } = resultOf(rules, given)
  const signals = signalsOf(given)
  return decide({
    score: 0,
    hits,
    thresholds: rules.thresholds,
    costs: { price: signals.price, userValue: 500_000 },
    protection: 'standard',
    country: signals.phone.country,
    geo: { countries: undefined, blockedCountries: [] },
  })
}
