import type { OutboundMessage } from '../../provider.ts'
import { msisdnOf } from '../../vendor-call.ts'
import type { SmppSettings } from './settings.ts'
import { textParts, validityOf } from './text.ts'

type Address = { readonly ton: number; readonly npi: number; readonly address: string }
type Fields = Readonly<Record<string, unknown>>

const INTERNATIONAL = { ton: 1, npi: 1 }
const WORD = { ton: 5, npi: 0 }
const UNKNOWN = { ton: 0, npi: 0 }
const SHORT_CODE = /^\d{3,8}$/
const NUMBER = /^\+?\d{7,15}$/
const WORDS = /^[\x20-\x7e]{1,11}$/

/** The fields of the submits of one message; undefined where the sender cannot stand in them. */
export function submitsOf(
  message: OutboundMessage,
  settings: SmppSettings,
  reference: number,
): readonly Fields[] | undefined {
  const source = senderOf(message.from ?? settings.from, settings)
  if (source === undefined) return undefined
  const destination = msisdnOf(message.to)
  const common = {
    service_type: settings.service_type,
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: destination,
    validity_period: validityOf(message.validForMs),
    registered_delivery: 1,
  }
  return textParts(message.body, reference).map((part) => ({ ...common, ...part }))
}

function senderOf(from: string | undefined, settings: SmppSettings): Address | undefined {
  if (from === undefined) return { ...UNKNOWN, address: '' }
  if (SHORT_CODE.test(from)) {
    return { ton: settings.short_code_ton, npi: settings.short_code_npi, address: from }
  }
  if (NUMBER.test(from)) return { ...INTERNATIONAL, address: msisdnOf(from) }
  return WORDS.test(from) ? { ...WORD, address: from } : undefined
}
