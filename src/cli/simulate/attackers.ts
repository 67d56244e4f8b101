import {
  browser,
  type Client,
  type ClientMix,
  disguisedClient,
  outdatedClient,
  scriptClient,
  USUAL_CLIENTS,
} from './clients.ts'
import { COUNTRIES } from './countries.ts'
import type { Dice } from './dice.ts'
import type { Origin } from './event.ts'
import type { Address } from './networks.ts'
import type { Attacks } from './setting.ts'
import type { Tenant } from './tenant.ts'
import { acceptLanguage, newDeviceId, originOf } from './world.ts'

/** Where the destination is mostly, and now and then anywhere at all. */
export function payingCountry(dice: Dice, { paying, payingShare }: Attacks): string {
  return dice.chance(payingShare) ? dice.weighted(paying) : dice.pick([...COUNTRIES.keys()])
}

/** How well the tool passes for a person. */
export type Toolkit = {
  readonly client: () => Client
  /** `country` is where the request seems to come from. */
  readonly language: (country: string) => string | null
  readonly sessionAge: () => number | null
  readonly device: () => string | null
  readonly solves: number
}

/** Bare HTTP calls, no page loaded. */
function scriptKit(dice: Dice, mix: ClientMix): Toolkit {
  const client = dice.chance(0.6) ? scriptClient(dice, mix) : undefined
  return {
    client: () => client ?? outdatedClient(dice),
    language: () => null,
    sessionAge: () => (dice.chance(0.5) ? null : Math.round(dice.between(20, 900))),
    device: () => null,
    solves: 0.05,
  }
}

/** Claims to be a browser; hints, language and timing give it away a little. */
function disguisedKit(dice: Dice, mix: ClientMix): Toolkit {
  const language = dice.pick(['en-US,en;q=0.9', 'en-US', 'ru-RU,ru;q=0.9', 'zh-CN,zh;q=0.9'])
  const client = disguisedClient(dice, mix)
  return {
    client: () => client,
    language: () => language,
    sessionAge: () => Math.round(dice.around(1_800, 0.4)),
    device: () => (dice.chance(0.5) ? newDeviceId(dice) : null),
    solves: 0.35,
  }
}

/** Driven real browsers, a fresh profile each time: the client alone proves nothing. */
function browserKit(dice: Dice, mix: ClientMix): Toolkit {
  const careful = dice.chance(0.5)
  const usual = acceptLanguage(dice, dice.pick(['en-US', 'en-GB', 'pt-BR', 'id-ID', 'ru-RU']))
  return {
    client: () => browser(dice, mix),
    language: (country) =>
      careful ? acceptLanguage(dice, COUNTRIES.get(country)?.language ?? 'en-US') : usual,
    sessionAge: () => Math.round(2_000 + dice.around(careful ? 15_000 : 7_000, 0.6)),
    device: () => newDeviceId(dice),
    solves: 0.6,
  }
}

const KITS = { script: scriptKit, disguised: disguisedKit, browser: browserKit } as const
export type KitName = keyof typeof KITS

/** A tool of one of these kinds, or of any kind. */
export function anyKit(
  dice: Dice,
  { kits, solves }: Pick<Attacks, 'kits' | 'solves'>,
  {
    among,
    mix = USUAL_CLIENTS,
  }: { readonly among?: readonly KitName[]; readonly mix?: ClientMix } = {},
): Toolkit {
  const choices = among === undefined ? kits : kits.filter(([name]) => among.includes(name))
  const kit = KITS[dice.weighted(choices)](dice, mix)
  return { ...kit, solves: Math.min(0.9, kit.solves * solves) }
}

export function attackOrigin(tenant: Tenant, kit: Toolkit, address: Address): Origin {
  return originOf(tenant, {
    address,
    client: kit.client(),
    language: kit.language(address.network.country),
    deviceId: kit.device(),
  })
}
