import { expect, test } from 'vitest'
import type { AccountId, ServiceId } from '../domain/ids.ts'
import { micros } from '../domain/money.ts'
import { openClientReader } from './client-facts.ts'
import { gatherSignals, type SignalsInput } from './gather-signals.ts'
import { networkData } from './network-kinds.ts'
import { parsePhone } from './phone-facts.ts'
import type { ClientInput } from './signals.ts'
import { subjectsOf } from './subjects-of.ts'

const CLIENT: ClientInput = {
  ip: '2001:db8:1:2:3::4',
  userAgent: 'curl/8.6.0',
  acceptLanguage: undefined,
  clientHints: undefined,
  deviceId: 'device-1',
  ja4: 'T13D1516H2_8DAAF6152771_02713D6AF862',
  sessionAgeMs: 900,
  network: { country: 'FR', asn: 64_500 },
}

function signalsWith(client: Partial<ClientInput>, carrier: string | undefined) {
  const parsed = parsePhone('+447400123456', {
    carrierOf: () => carrier,
    isDisposable: () => undefined,
  })
  if (parsed.kind === 'mistake') throw new Error(parsed.reason)
  const input: SignalsInput = {
    atMs: 1,
    accountId: 'ACx' as AccountId,
    serviceId: 'VAx' as ServiceId,
    channel: 'sms',
    purpose: 'login',
    phone: parsed.facts,
    client: { ...CLIENT, ...client },
    price: micros(40_000),
  }
  const deps = { network: networkData({}), readClient: openClientReader(), lists: [] }
  return gatherSignals(input, deps)
}

test('keys are of the account, people are hashed, the rest is readable', () => {
  const hashed: string[] = []
  const hash = (text: string): string => {
    hashed.push(text)
    return `#${text}`
  }
  expect(subjectsOf(signalsWith({}, 'Three'), hash)).toEqual({
    phone: 'ACx:#phone:+447400123456',
    phone_any: '#phone:+447400123456',
    ip: 'ACx:#ip:2001:db8:1:2::/64',
    net: 'ACx:#net:2001:db8:1::/48',
    device: 'ACx:#device:device-1',
    client: 'ACx:#client:t13d1516h2_8daaf6152771_02713d6af862',
    range2: 'ACx:+4474001234',
    range3: 'ACx:+447400123',
    range4: 'ACx:+44740012',
    carrier: 'ACx:GB:Three',
    country: 'ACx:GB',
    asn: 'ACx:64500',
    account: 'ACx',
  })
  expect(hashed).toHaveLength(5)
})

test('a kind that the request does not have has no key', () => {
  const bare = {
    ip: undefined,
    deviceId: '',
    ja4: undefined,
    userAgent: undefined,
    network: undefined,
  }
  const subjects = subjectsOf(signalsWith(bare, undefined), (text) => text)
  const present = Object.entries(subjects).filter(([, key]) => key !== undefined)
  expect(present.map(([kind]) => kind)).toEqual([
    'phone',
    'phone_any',
    'range2',
    'range3',
    'range4',
    'country',
    'account',
  ])
})

test('signals carry what they were given and what was found', () => {
  expect(signalsWith({}, undefined)).toMatchObject({
    atMs: 1,
    accountId: 'ACx',
    serviceId: 'VAx',
    channel: 'sms',
    purpose: 'login',
    phone: { phone: '+447400123456', country: 'GB', carrier: undefined },
    network: { ip: '2001:db8:1:2:3::4', country: 'FR', asn: 64_500, hosting: false, vpn: false },
    client: { automated: true },
    deviceId: 'device-1',
    sessionAgeMs: 900,
    price: 40_000,
    lists: { allowed: undefined, blocked: undefined },
  })
})
