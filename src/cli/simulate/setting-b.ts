import { type ClientMix, USUAL_CLIENTS } from './clients.ts'
import { parseProvider } from './countries.ts'
import type { NetworkMix } from './networks.ts'
import type { Attacks, Setting } from './setting.ts'
import { AID_B, BACKEND_B, TENANTS_B } from './tenants-b.ts'

const SECOND = 1_000

const CLIENTS_B: ClientMix = {
  families: [
    ['androidChrome', 41],
    ['iphoneSafari', 12],
    ['inAppView', 14],
    ['samsungInternet', 7],
    ['opera', 7],
    ['windowsChrome', 9],
    ['firefox', 4],
    ['linuxFirefox', 2],
    ['macSafari', 4],
  ],
  chrome: [
    [153, 12],
    [152, 30],
    [147, 16],
    [143, 12],
    [138, 12],
    [126, 9],
    [109, 9],
  ],
  ios: [
    ['26_6', 20],
    ['26_1', 25],
    ['18_2', 25],
    ['17_4', 15],
    ['15_8', 15],
  ],
  apps: [
    { userAgent: 'Dart/3.9 (dart:io)', ja4: 't13d1514h1_8daaf6152771_1dcbcd8d0a61' },
    { userAgent: 'ReactNative/0.81 okhttp/5.1.0', ja4: 't13d1311h2_f57a46bbacb6_e7c285222651' },
    {
      userAgent: 'Wallet/5.4.1 (iPhone; iOS 26.1; Scale/3.00)',
      ja4: USUAL_CLIENTS.apps[5]?.ja4 ?? '',
    },
  ],
  scripts: [
    'curl/8.14.1',
    'GuzzleHttp/7',
    'node',
    'Java-http-client/21.0.4',
    'python-httpx/0.28.1',
  ],
}

const NETWORKS_B: NetworkMix = {
  ipv6: 0.45,
  hosting: [
    parseProvider('8075/20.33.0.0/16', 'US'),
    parseProvider('396982/34.64.0.0/14', 'US'),
    parseProvider('12876/51.15.0.0/16', 'FR'),
    parseProvider('45102/47.236.0.0/15', 'SG'),
    parseProvider('197540/45.136.28.0/22', 'DE'),
  ],
  vpn: [
    parseProvider('212238/185.217.116.0/22', 'US'),
    parseProvider('39351/185.213.152.0/22', 'SE'),
    parseProvider('62371/185.159.156.0/22', 'CH'),
    parseProvider('9009/146.70.112.0/21', 'GB'),
  ],
  exits: 40,
  relay: [
    parseProvider('54113/146.75.128.0/18', 'US'),
    parseProvider('36183/172.226.0.0/19', 'US'),
  ],
  gateways: 3,
}

const ATTACKS_B: Attacks = {
  paying: [
    ['JO', 8],
    ['MG', 7],
    ['AF', 7],
    ['TZ', 6],
    ['KZ', 6],
    ['ZW', 6],
    ['MM', 5],
    ['RU', 5],
    ['ET', 5],
    ['SN', 5],
    ['VN', 4],
    ['YE', 4],
    ['LK', 4],
    ['PH', 4],
    ['CM', 4],
    ['IL', 3],
    ['RS', 3],
    ['ID', 3],
    ['GB', 2],
    ['CO', 2],
  ],
  payingShare: 0.7,
  proxies: [
    ['VN', 12],
    ['TH', 10],
    ['MX', 10],
    ['PL', 8],
    ['IT', 8],
    ['US', 8],
    ['RO', 7],
    ['NG', 6],
    ['KE', 5],
    ['CL', 5],
    ['MY', 5],
    ['ES', 4],
    ['JP', 3],
  ],
  residential: 0.7,
  blockSizes: [
    [300, 2],
    [3_000, 4],
    [30_000, 4],
  ],
  usual: 0,
  hideouts: [
    ['anywhere', 35],
    ['market', 35],
    ['destination', 30],
  ],
  size: 0.7,
  length: 1.8,
  pool: 0.5,
  night: 0.25,
  kits: [
    ['script', 2],
    ['disguised', 3],
    ['browser', 5],
  ],
  solves: 1.25,
  delivered: [0.75, 0.99],
  patience: 8,
  changes: 10,
  reported: 0.015,
  conversions: 'lifelike',
}

/** The held-out world: other businesses, hours, machines, networks, delays and crooks. Nothing is fitted to it. */
export const SETTING_B: Setting = {
  tenants: TENANTS_B,
  aid: AID_B,
  backend: BACKEND_B,
  rhythm: { peakHour: 20, swing: 0.45, secondSwing: 0.4, weekend: 1.25 },
  clients: CLIENTS_B,
  networks: NETWORKS_B,
  habits: {
    session: [11 * SECOND, 0.6],
    arrival: [9 * SECOND, 0.9],
    slow: 0.04,
    lostAfter: [100 * SECOND, 0.5],
    typing: [22 * SECOND, 0.8],
    mistypes: 0.07,
    solves: 0.88,
    resends: 0.5,
    early: 0.005,
    returns: 0.35,
  },
  crowds: {
    events: 1,
    flash: 0.6,
    flashHours: 4,
    flashLocal: false,
    office: 0.5,
    officeHours: 2,
    offices: 2,
    launch: 2,
    launchCountries: ['PE', 'UG', 'BG', 'BD', 'AM', 'CI', 'NP'],
    launchGivesUp: [0.1, 0.6],
    outageDelivery: 0.3,
    campus: { afar: 0.12, gates: 1, enrolHours: 0 },
    familyAfar: 0,
  },
  attacks: ATTACKS_B,
}
