import type { Dice } from './dice.ts'
import type { ClientHints } from './event.ts'
import type { Weighted } from './tenant.ts'

export type Client = {
  readonly user_agent: string | null
  readonly client_hints: ClientHints | null
  readonly ja4: string | null
}

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const CHROME_JA4 = 't13d1516h2_8daaf6152771_02713d6af862'
const SAFARI_JA4 = 't13d2014h2_a09f3c656075_14788d8d241b'
const FIREFOX_JA4 = 't13d1715h2_5b57614c22b0_5c2c66f702b4'

export type ClientFamily = keyof typeof FAMILIES

/** Who uses what in a world: major versions with the share of people who run them, newest first. */
export type ClientMix = {
  readonly families: Weighted<ClientFamily>
  readonly chrome: Weighted<number>
  readonly ios: Weighted<string>
  readonly apps: readonly AppClient[]
  /** HTTP libraries of those who write tools. */
  readonly scripts: readonly string[]
}
type AppClient = { readonly userAgent: string; readonly ja4: string }

export const USUAL_CLIENTS: ClientMix = {
  families: [
    ['androidChrome', 34],
    ['iphoneSafari', 30],
    ['windowsChrome', 17],
    ['macChrome', 7],
    ['windowsEdge', 4],
    ['samsungInternet', 4],
    ['firefox', 3],
    ['macSafari', 1],
  ],
  chrome: [
    [154, 22],
    [153, 34],
    [152, 10],
    [151, 8],
    [150, 7],
    [149, 6],
    [148, 5],
    [145, 5],
    [139, 2],
    [131, 1],
  ],
  ios: [
    ['27_0', 12],
    ['26_6', 40],
    ['26_3', 18],
    ['18_7', 20],
    ['17_6', 7],
    ['16_7', 3],
  ],
  apps: [
    ...[9, 10, 11, 12].map((minor) => ({
      userAgent: `okhttp/4.${minor}.0`,
      ja4: 't13d1311h2_f57a46bbacb6_e7c285222651',
    })),
    ...Array.from({ length: 3 }, () => ({
      userAgent: 'Shop/812 CFNetwork/1568.200.51 Darwin/24.1.0',
      ja4: SAFARI_JA4,
    })),
  ],
  scripts: [
    'python-requests/2.32.3',
    'Go-http-client/2.0',
    'axios/1.7.9',
    'aiohttp/3.11.11',
    'okhttp/4.12.0',
  ],
}

const FAMILIES = {
  androidChrome,
  iphoneSafari,
  windowsChrome,
  macChrome,
  windowsEdge,
  samsungInternet,
  firefox,
  macSafari,
  inAppView,
  linuxFirefox,
  opera,
} as const satisfies Record<string, (dice: Dice, mix: ClientMix) => Client>

/** What a person browses with. */
export function browser(dice: Dice, mix: ClientMix = USUAL_CLIENTS): Client {
  return FAMILIES[dice.weighted(mix.families)](dice, mix)
}

/** What a company gives to its employees: one kind of desktop. */
export function officeBrowser(dice: Dice, mix: ClientMix = USUAL_CLIENTS): Client {
  return dice.chance(0.7) ? windowsEdge(dice) : windowsChrome(dice, mix)
}

/** Safari, the only one whose makers run a relay for everybody. */
export function relayedBrowser(dice: Dice, mix: ClientMix): Client {
  return dice.chance(0.85) ? iphoneSafari(dice, mix) : macSafari(dice)
}

/** A native app's own HTTP stack; real apps and scripts both look like this. */
export function appClient(dice: Dice, mix: ClientMix = USUAL_CLIENTS): Client {
  const { userAgent, ja4 } = dice.pick(mix.apps)
  return { user_agent: userAgent, client_hints: null, ja4 }
}

/** A bare HTTP library. */
export function scriptClient(dice: Dice, mix: ClientMix = USUAL_CLIENTS): Client {
  return {
    user_agent: dice.pick(mix.scripts),
    client_hints: null,
    ja4: 't13d1812h1_85036bcba153_375ca2c5e164',
  }
}

/** A tool that claims to be the newest Chrome but forgets, or contradicts, the client hints. */
export function disguisedClient(dice: Dice, mix: ClientMix = USUAL_CLIENTS): Client {
  const claimed = windowsChrome(dice, mix)
  const hints = dice.chance(0.6) ? null : { mobile: '?0', platform: 'Linux' }
  return {
    ...claimed,
    client_hints: hints,
    ja4: dice.chance(0.5) ? 't13d1713h2_5b57614c22b0_748f4c70de1c' : CHROME_JA4,
  }
}

/** A browser version from a list that was copied years ago. */
export function outdatedClient(dice: Dice): Client {
  const major = 60 + dice.below(50)
  return {
    user_agent: `Mozilla/5.0 (Windows NT 6.${1 + dice.below(3)}; Win64; x64) ${WEBKIT} Chrome/${major}.0.${3000 + dice.below(900)}.${dice.below(150)} Safari/537.36`,
    client_hints: null,
    ja4: 't13d1812h1_85036bcba153_375ca2c5e164',
  }
}

function chromeMajor(dice: Dice, mix: ClientMix): number {
  return dice.weighted(mix.chrome)
}

function androidChrome(dice: Dice, mix: ClientMix): Client {
  return {
    user_agent: `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/${chromeMajor(dice, mix)}.0.0.0 Mobile Safari/537.36`,
    client_hints: { mobile: '?1', platform: 'Android' },
    ja4: CHROME_JA4,
  }
}

function samsungInternet(dice: Dice): Client {
  return {
    user_agent: `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} SamsungBrowser/${28 + dice.below(3)}.0 Chrome/143.0.0.0 Mobile Safari/537.36`,
    client_hints: { mobile: '?1', platform: 'Android' },
    ja4: CHROME_JA4,
  }
}

function windowsChrome(dice: Dice, mix: ClientMix): Client {
  return {
    user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/${chromeMajor(dice, mix)}.0.0.0 Safari/537.36`,
    client_hints: { mobile: '?0', platform: 'Windows' },
    ja4: CHROME_JA4,
  }
}

function windowsEdge(dice: Dice): Client {
  const major = 153 + dice.below(2)
  return {
    user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/${major}.0.0.0 Safari/537.36 Edg/${major}.0.0.0`,
    client_hints: { mobile: '?0', platform: 'Windows' },
    ja4: CHROME_JA4,
  }
}

function macChrome(dice: Dice, mix: ClientMix): Client {
  return {
    user_agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/${chromeMajor(dice, mix)}.0.0.0 Safari/537.36`,
    client_hints: { mobile: '?0', platform: 'macOS' },
    ja4: CHROME_JA4,
  }
}

function macSafari(dice: Dice): Client {
  return {
    user_agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.${dice.below(7)} Safari/605.1.15`,
    client_hints: null,
    ja4: SAFARI_JA4,
  }
}

function iphoneSafari(dice: Dice, mix: ClientMix): Client {
  const release = dice.weighted(mix.ios)
  return {
    user_agent: `Mozilla/5.0 (iPhone; CPU iPhone OS ${release} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${release.replace('_', '.')} Mobile/15E148 Safari/604.1`,
    client_hints: null,
    ja4: SAFARI_JA4,
  }
}

function firefox(dice: Dice): Client {
  const major = 152 + dice.below(5)
  return {
    user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`,
    client_hints: null,
    ja4: FIREFOX_JA4,
  }
}

/** A page inside another app, such as a messenger. */
function inAppView(dice: Dice, mix: ClientMix): Client {
  const client = androidChrome(dice, mix)
  const host = dice.pick([
    'Instagram 402.0.0.41.75',
    '[FBAN/EMA;FBAV/478.0.0.12.104;]',
    'Line/15.17.0',
  ])
  return {
    ...client,
    user_agent: `${client.user_agent} ${host}`,
    client_hints: dice.chance(0.5) ? client.client_hints : null,
  }
}

function linuxFirefox(dice: Dice): Client {
  const major = 128 + dice.below(29)
  return {
    user_agent: `Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`,
    client_hints: null,
    ja4: FIREFOX_JA4,
  }
}

function opera(dice: Dice, mix: ClientMix): Client {
  const client = androidChrome(dice, mix)
  return { ...client, user_agent: `${client.user_agent} OPR/${88 + dice.below(5)}.0.0.0` }
}
