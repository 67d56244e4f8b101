import type { Tenant } from './tenant.ts'

const LOGIN_FIRST = [
  ['login', 6],
  ['signup', 3],
  ['reset', 1],
] as const
const SIGNUP_FIRST = [
  ['signup', 7],
  ['login', 2],
  ['reset', 1],
] as const

export const TENANTS_A: readonly Tenant[] = [
  {
    id: 'shop-gb',
    countries: [
      ['GB', 70],
      ['IE', 8],
      ['US', 6],
      ['FR', 4],
      ['DE', 4],
      ['PL', 3],
      ['IN', 2],
      ['AU', 2],
      ['NG', 1],
    ],
    visitsPerDay: 2_000,
    givesUp: 0.1,
    purposes: LOGIN_FIRST,
    appShare: 0.25,
    tells: { device: true, ja4: true, session: true },
  },
  {
    id: 'bank-fr',
    countries: [
      ['FR', 85],
      ['MA', 4],
      ['DZ', 2],
      ['TN', 2],
      ['SN', 1],
      ['ES', 3],
      ['CH', 3],
    ],
    visitsPerDay: 1_400,
    givesUp: 0.05,
    purposes: [
      ['login', 9],
      ['payment', 4],
      ['reset', 1],
    ],
    appShare: 0.5,
    tells: { device: true, ja4: false, session: false },
  },
  {
    id: 'market-id',
    countries: [
      ['ID', 75],
      ['MY', 9],
      ['SG', 4],
      ['PH', 6],
      ['VN', 4],
      ['TH', 2],
    ],
    visitsPerDay: 1_800,
    givesUp: 0.3,
    purposes: SIGNUP_FIRST,
    appShare: 0.7,
    tells: { device: true, ja4: false, session: true },
  },
  {
    id: 'ride-world',
    countries: [
      ['US', 24],
      ['BR', 18],
      ['MX', 12],
      ['IN', 14],
      ['EG', 5],
      ['KE', 4],
      ['PK', 4],
      ['BD', 3],
      ['TR', 5],
      ['AE', 4],
      ['JO', 2],
      ['AZ', 1],
      ['ZA', 4],
    ],
    visitsPerDay: 1_600,
    givesUp: 0.14,
    purposes: LOGIN_FIRST,
    appShare: 0.85,
    tells: { device: true, ja4: true, session: false },
  },
  {
    id: 'game-cn',
    countries: [
      ['CN', 80],
      ['HK', 6],
      ['TW', 6],
      ['MY', 3],
      ['JP', 2],
      ['US', 3],
    ],
    visitsPerDay: 1_500,
    givesUp: 0.45,
    purposes: SIGNUP_FIRST,
    appShare: 0.3,
    tells: { device: false, ja4: false, session: true },
  },
  {
    id: 'news-de',
    countries: [
      ['DE', 82],
      ['AT', 9],
      ['CH', 6],
      ['NL', 2],
      ['TR', 1],
    ],
    visitsPerDay: 300,
    givesUp: 0.18,
    purposes: SIGNUP_FIRST,
    appShare: 0,
    tells: { device: false, ja4: true, session: true },
  },
]

/** Customers in countries where many messages are lost. */
export const AID_A: Tenant = {
  id: 'aid-world',
  countries: [
    ['SD', 30],
    ['YE', 18],
    ['SY', 14],
    ['ET', 14],
    ['AF', 10],
    ['LY', 8],
    ['ML', 6],
  ],
  visitsPerDay: 280,
  givesUp: 0.16,
  purposes: [
    ['signup', 5],
    ['login', 5],
  ],
  appShare: 0.1,
  tells: { device: false, ja4: false, session: true },
}

/** A back end that asks for codes itself. */
export const BACKEND_A: Tenant = {
  id: 'kiosk-api',
  countries: [
    ['ES', 60],
    ['PT', 20],
    ['MX', 12],
    ['CO', 8],
  ],
  visitsPerDay: 320,
  givesUp: 0.12,
  purposes: [['login', 1]],
  appShare: 0,
  tells: { device: false, ja4: false, session: false },
}
