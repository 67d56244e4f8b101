import { carrierOutage, flashCrowd, newMarket, office } from './crowds.ts'
import type { Truth } from './event.ts'
import {
  cgnatCrowd,
  homeUsers,
  otherFactor,
  poorDelivery,
  type Scenario,
  serverSide,
  sharedDevice,
  travellers,
  vpnUsers,
} from './ordinary.ts'
import {
  botnet,
  fakeConversion,
  randomBurst,
  scriptedProxy,
  sequentialBurst,
} from './range-attacks.ts'
import { bombing, codeGuessing, lowAndWide, slowDrip } from './spread-attacks.ts'

export type Entry = { readonly truth: Truth; readonly about: string; readonly plan: Scenario }

const legit = (about: string, plan: Scenario): Entry => ({ truth: 'legit', about, plan })
const fraud = (about: string, plan: Scenario): Entry => ({ truth: 'fraud', about, plan })

/** Everything that can be simulated, by the name that `--scenarios` takes. */
export const SCENARIOS = {
  home_users: legit('the customers of six businesses', homeUsers),
  office: legit('companies behind one address with consecutive numbers', office),
  cgnat: legit('mobile users behind a few shared addresses', cgnatCrowd),
  travellers: legit('numbers of one country on networks of another', travellers),
  vpn_users: legit('people on VPN and relay exits', vpnUsers),
  flash_crowd: legit('a sale that everybody wants to be in at once', flashCrowd),
  poor_delivery: legit('countries where messages get lost and people ask again', poorDelivery),
  server_side: legit('a back end that tells nothing of its users', serverSide),
  other_factor: legit('logins that end another way', otherFactor),
  shared_device: legit('one tablet for many customers', sharedDevice),
  new_market: legit('a launch in a country without a past', newMarket),
  carrier_outage: legit('hours in which a country receives next to nothing', carrierOutage),
  sequential_burst: fraud('neighbouring numbers one after the other', sequentialBurst),
  random_burst: fraud('random numbers of a few blocks', randomBurst),
  botnet: fraud('every address once or twice', botnet),
  slow_drip: fraud('a request a minute, each to another country', slowDrip),
  low_and_wide: fraud('a little everywhere, for days', lowAndWide),
  bombing: fraud('many codes to one victim', bombing),
  code_guessing: fraud('wrong codes against customers’ numbers', codeGuessing),
  fake_conversion: fraud('pumped numbers whose codes are typed in', fakeConversion),
  scripted_proxy: fraud('a fast script through a pool of proxies', scriptedProxy),
} as const satisfies Record<string, Entry>

export type ScenarioName = keyof typeof SCENARIOS

export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name)
}

export const SCENARIO_NAMES = Object.keys(SCENARIOS).filter(isScenario)
