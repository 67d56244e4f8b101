import type { Tenant } from './tenant.ts'

export const TENANTS_B: readonly Tenant[] = [
  {
    id: 'wallet-ng',
    countries: [
      ['NG', 58],
      ['GH', 16],
      ['KE', 12],
      ['CI', 6],
      ['GB', 5],
      ['US', 3],
    ],
    visitsPerDay: 2_600,
    givesUp: 0.22,
    purposes: [
      ['login', 8],
      ['transfer', 5],
      ['signup', 4],
    ],
    appShare: 0.9,
    tells: { device: true, ja4: false, session: false },
  },
  {
    id: 'bazaar-pk',
    countries: [
      ['PK', 55],
      ['BD', 22],
      ['LK', 9],
      ['AE', 8],
      ['SA', 4],
      ['GB', 2],
    ],
    visitsPerDay: 1_700,
    givesUp: 0.5,
    purposes: [
      ['signup', 6],
      ['login', 4],
    ],
    appShare: 0.5,
    tells: { device: true, ja4: false, session: true },
  },
  {
    id: 'clinic-pl',
    countries: [
      ['PL', 90],
      ['UA', 6],
      ['DE', 2],
      ['BY', 2],
    ],
    visitsPerDay: 700,
    givesUp: 0.08,
    purposes: [
      ['login', 6],
      ['prescription', 3],
    ],
    appShare: 0.1,
    tells: { device: false, ja4: true, session: true },
  },
  {
    id: 'stream-mx',
    countries: [
      ['MX', 44],
      ['CO', 17],
      ['AR', 14],
      ['PE', 9],
      ['CL', 9],
      ['US', 7],
    ],
    visitsPerDay: 2_200,
    givesUp: 0.62,
    purposes: [
      ['signup', 8],
      ['reset', 2],
    ],
    appShare: 0.4,
    tells: { device: true, ja4: true, session: true },
  },
  {
    id: 'travel-jp',
    countries: [
      ['JP', 34],
      ['KR', 13],
      ['TW', 11],
      ['TH', 9],
      ['AU', 8],
      ['US', 8],
      ['FR', 5],
      ['ID', 4],
      ['PH', 4],
      ['IL', 2],
      ['EG', 2],
    ],
    visitsPerDay: 900,
    givesUp: 0.15,
    purposes: [
      ['login', 5],
      ['booking', 5],
    ],
    appShare: 0.2,
    tells: { device: false, ja4: false, session: true },
  },
  {
    id: 'dating-ro',
    countries: [
      ['RO', 50],
      ['BG', 16],
      ['RS', 12],
      ['GR', 12],
      ['TR', 10],
    ],
    visitsPerDay: 180,
    givesUp: 0.38,
    purposes: [['signup', 1]],
    appShare: 0.6,
    tells: { device: true, ja4: false, session: false },
  },
  {
    id: 'tax-za',
    countries: [
      ['ZA', 93],
      ['ZW', 4],
      ['GB', 3],
    ],
    visitsPerDay: 420,
    givesUp: 0.12,
    purposes: [
      ['login', 9],
      ['reset', 2],
    ],
    appShare: 0,
    tells: { device: false, ja4: true, session: true },
  },
]

/** Customers in countries where many messages are lost. */
export const AID_B: Tenant = {
  id: 'remit-horn',
  countries: [
    ['ET', 34],
    ['SD', 20],
    ['ML', 12],
    ['CM', 12],
    ['MM', 12],
    ['IQ', 10],
  ],
  visitsPerDay: 360,
  givesUp: 0.28,
  purposes: [
    ['signup', 3],
    ['transfer', 7],
  ],
  appShare: 0.7,
  tells: { device: true, ja4: false, session: false },
}

/** A back end that asks for codes itself. */
export const BACKEND_B: Tenant = {
  id: 'till-th',
  countries: [
    ['TH', 70],
    ['MY', 14],
    ['VN', 10],
    ['KH', 6],
  ],
  visitsPerDay: 520,
  givesUp: 0.34,
  purposes: [['purchase', 1]],
  appShare: 0,
  tells: { device: false, ja4: false, session: false },
}
