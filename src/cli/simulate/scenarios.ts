import { carrierOutage, flashCrowd, newMarket } from './crowds.ts'
import type { Truth } from './event.ts'
import { codeSpraying, deviceFarm, rentedNumbers } from './lifelike-attacks.ts'
import {
  cgnatCrowd,
  homeUsers,
  otherFactor,
  poorDelivery,
  privateRelay,
  type Scenario,
  serverSide,
  travellers,
  vpnUsers,
} from './ordinary.ts'
import { monitors, unnamedMonitors } from './probes.ts'
import {
  adaptive,
  botnet,
  fakeConversion,
  oneSource,
  randomBurst,
  scriptedProxy,
  sequentialBurst,
} from './range-attacks.ts'
import { campus, familyDevice, office, sharedDevice } from './shared.ts'
import {
  bombing,
  codeGuessing,
  lowAndWide,
  slowDrip,
  stolenKey,
  voiceToll,
} from './spread-attacks.ts'

export type Entry = { readonly truth: Truth; readonly about: string; readonly plan: Scenario }

const legit = (about: string, plan: Scenario): Entry => ({ truth: 'legit', about, plan })
const fraud = (about: string, plan: Scenario): Entry => ({ truth: 'fraud', about, plan })

/** Everything that can be simulated, by the name that `--scenarios` takes. */
export const SCENARIOS = {
  home_users: legit('the customers of some businesses', homeUsers),
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
  campus: legit('students behind one address, some with numbers from afar', campus),
  private_relay: legit('phones that hide their address behind a shared relay', privateRelay),
  family_device: legit('one device and line for the numbers of a family', familyDevice),
  monitors: legit('probes of the operator’s own, by the clock', monitors),
  unnamed_monitors: legit('such probes that nobody told the service of', unnamedMonitors),
  sequential_burst: fraud('neighbouring numbers one after the other', sequentialBurst),
  random_burst: fraud('random numbers of a few blocks', randomBurst),
  botnet: fraud('every address once or twice', botnet),
  slow_drip: fraud('a request a minute, each to another country', slowDrip),
  low_and_wide: fraud('a little everywhere, for days', lowAndWide),
  bombing: fraud('many codes to one victim', bombing),
  code_guessing: fraud('wrong codes against customers’ numbers', codeGuessing),
  fake_conversion: fraud('pumped numbers whose codes are typed in', fakeConversion),
  scripted_proxy: fraud('a fast script through a pool of proxies', scriptedProxy),
  voice_toll: fraud('calls to numbers that earn by the minute', voiceToll),
  stolen_key: fraud('a back end’s key in the wrong hands', stolenKey),
  one_source: fraud('one machine, many countries', oneSource),
  adaptive: fraud('another range, country and client after each refusal', adaptive),
  device_farm: fraud('racks of real phones among the numbers they ask for', deviceFarm),
  code_spraying: fraud('a guess or two each at the codes of many customers', codeSpraying),
  rented_numbers: fraud('accounts made by the hundred with rented numbers', rentedNumbers),
} as const satisfies Record<string, Entry>

export type ScenarioName = keyof typeof SCENARIOS

export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name)
}

export const SCENARIO_NAMES = Object.keys(SCENARIOS).filter(isScenario)

/** Families that nothing is trained on, so that a detector meets some kinds of attack and of people for the first time. */
export const HELD_OUT_SCENARIOS = [
  'adaptive',
  'code_spraying',
  'rented_numbers',
  'private_relay',
] as const satisfies readonly ScenarioName[]
