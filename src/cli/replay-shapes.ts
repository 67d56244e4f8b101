import { CHANNELS } from '../domain/channel.ts'
import type { WireEvent } from './replay-format.ts'

const NAME_MAX = 200
const TEXT_MAX = 4_000
const NUMBER_MAX = 40

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether a value has the shape of `eventSchema`, looked at field by field. It may say no to what the schema takes, never yes to
 * what the schema refuses. A hundred thousand lines are read this way while the schema reads ten thousand.
 */
export function isSurely(json: unknown): json is WireEvent {
  if (!isObject(json) || !isInstant(json.t) || !isName(json.ref)) return false
  switch (json.type) {
    case 'issue':
      return isIssue(json)
    case 'check':
      return typeof json.correct === 'boolean' && isText(json.ip)
    case 'delivery':
      return json.status === 'delivered' || json.status === 'undelivered'
    case 'completed':
      return true
    case 'report':
      return json.label === 'fraud' || json.label === 'legit'
    default:
      return false
  }
}

const isIssue = (json: Fields): boolean =>
  isName(json.tenant) &&
  typeof json.to === 'string' &&
  json.to.length <= NUMBER_MAX &&
  CHANNELS.some((channel) => channel === json.channel) &&
  typeof json.solves_challenge === 'boolean' &&
  (isAbsent(json.test_number) || typeof json.test_number === 'boolean') &&
  isClient(json)

const isClient = (json: Fields): boolean =>
  isText(json.purpose) &&
  isText(json.ip) &&
  isText(json.user_agent) &&
  isText(json.accept_language) &&
  isText(json.device_id) &&
  isText(json.ja4) &&
  (isAbsent(json.session_age_ms) || isAge(json.session_age_ms)) &&
  (isAbsent(json.network) || isNetwork(json.network)) &&
  (isAbsent(json.client_hints) || isHints(json.client_hints))

const isNetwork = (network: unknown): boolean =>
  isObject(network) &&
  isWord(network.country) &&
  (isAbsent(network.asn) || Number.isSafeInteger(network.asn))

const isHints = (hints: unknown): boolean =>
  isObject(hints) && isWord(hints.mobile) && isWord(hints.platform)

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const isInstant = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const isAge = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX

const isWord = (value: unknown): boolean => isAbsent(value) || typeof value === 'string'

const isText = (value: unknown): boolean =>
  isAbsent(value) || (typeof value === 'string' && value.length <= TEXT_MAX)
