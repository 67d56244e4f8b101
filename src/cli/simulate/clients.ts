import type { Dice } from './dice.ts'
import type { ClientHints } from './event.ts'

export type Client = {
  readonly user_agent: string | null
  readonly client_hints: ClientHints | null
  readonly ja4: string | null
}

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const CHROME_JA4 = 't13d1516h2_8daaf6152771_02713d6af862'
const SAFARI_JA4 = 't13d2014h2_a09f3c656075_14788d8d241b'
const FIREFOX_JA4 = 't13d1715h2_5b57614c22b0_5c2c66f702b4'

/** Newest major versions first, with the share of people who run them. */
const CHROME_MAJORS: readonly (readonly [number, number])[] = [
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
]
const IOS: readonly (readonly [string, number])[] = [
  ['27_0', 12],
  ['26_6', 40],
  ['26_3', 18],
  ['18_7', 20],
  ['17_6', 7],
  ['16_7', 3],
]
const FAMILIES: readonly (readonly [(dice: Dice) => Client, number])[] = [
  [androidChrome, 34],
  [iphoneSafari, 30],
  [windowsChrome, 17],
  [macChrome, 7],
  [windowsEdge, 4],
  [samsungInternet, 4],
  [firefox, 3],
  [macSafari, 1],
]

/** What a person browses with. */
export function browser(dice: Dice): Client {
  return dice.weighted(FAMILIES)(dice)
}

/** What a company gives to its employees: one kind of desktop. */
export function officeBrowser(dice: Dice): Client {
  return dice.chance(0.7) ? windowsEdge(dice) : windowsChrome(dice)
}

/** A native app's own HTTP stack; real apps and scripts both look like this. */
export function appClient(dice: Dice): Client {
  const android = dice.chance(0.6)
  return {
    user_agent: android
      ? `okhttp/4.${9 + dice.below(4)}.0`
      : 'Shop/812 CFNetwork/1568.200.51 Darwin/24.1.0',
    client_hints: null,
    ja4: android ? 't13d1311h2_f57a46bbacb6_e7c285222651' : SAFARI_JA4,
  }
}

/** A bare HTTP library. */
export function scriptClient(dice: Dice): Client {
  return {
    user_agent: dice.pick([
      'python-requests/2.32.3',
      'Go-http-client/2.0',
      'axios/1.7.9',
      'aiohttp/3.11.11',
      'okhttp/4.12.0',
    ]),
    client_hints: null,
    ja4: 't13d1812h1_85036bcba153_375ca2c5e164',
  }
}

/** A tool that claims to be the newest Chrome but forgets, or contradicts, the client hints. */
export function disguisedClient(dice: Dice): Client {
  const claimed = windowsChrome(dice)
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

function chromeMajor(dice: Dice): number {
  return dice.weighted(CHROME_MAJORS)
}

function androidChrome(dice: Dice): Client {
  return {
    user_agent: `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/${chromeMajor(dice)}.0.0.0 Mobile Safari/537.36`,
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

function windowsChrome(dice: Dice): Client {
  return {
    user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/${chromeMajor(dice)}.0.0.0 Safari/537.36`,
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

function macChrome(dice: Dice): Client {
  return {
    user_agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/${chromeMajor(dice)}.0.0.0 Safari/537.36`,
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

function iphoneSafari(dice: Dice): Client {
  const release = dice.weighted(IOS)
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
