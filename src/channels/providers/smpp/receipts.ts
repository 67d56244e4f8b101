import smpp from 'smpp'
import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import { messageIdField } from '../../receipt-request.ts'
import type { Pdu } from './pdu.ts'
import type { SmppSettings } from './settings.ts'

const KIND_MASK = 0x3c
/** A receipt of the SMSC, and a notice on the way to it. */
const RECEIPT_KINDS: ReadonlySet<number> = new Set([0x04, 0x20])

const STATE_NAMES = 'ENROUTE DELIVRD EXPIRED DELETED UNDELIV ACCEPTD UNKNOWN REJECTD'.split(' ')
const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  ENROUTE: 'sent',
  ACCEPTD: 'sent',
  UNKNOWN: 'sent',
  DELIVRD: 'delivered',
  EXPIRED: 'undelivered',
  DELETED: 'undelivered',
  UNDELIV: 'undelivered',
  REJECTD: 'failed',
}

type Ids = SmppSettings['receipt_ids']

/** What a receipt says; undefined for what is none, such as an answer of the person, and for what cannot be understood. */
export function readReceipt(pdu: Pdu, ids: Ids): Delivery | undefined {
  if (!isReceipt(pdu)) return undefined
  const text = receiptText(pdu)
  const named = textOf(pdu.receipted_message_id)
  const id = named === undefined ? idInText(fieldOf(text, 'id'), ids) : messageIdOf(named, ids)
  const state = stateOf(pdu.message_state) ?? fieldOf(text, 'stat')?.toUpperCase()
  const status = state === undefined ? undefined : STATUS[state]
  if (id === undefined || state === undefined || status === undefined) return undefined
  const isBad = status === 'undelivered' || status === 'failed'
  return {
    providerMessageId: id,
    reference: undefined,
    status,
    error: isBad ? errorOf(state, fieldOf(text, 'err')) : undefined,
    segments: undefined,
    cost: undefined,
  }
}

function isReceipt({ esm_class, receipted_message_id }: Pdu): boolean {
  const kind = typeof esm_class === 'number' ? esm_class & KIND_MASK : 0
  return RECEIPT_KINDS.has(kind) || textOf(receipted_message_id) !== undefined
}

/** Codes in `err` are the operator's own; they are passed on and mean nothing to us. */
const errorOf = (state: string, code: string | undefined) =>
  sendError(
    state === 'EXPIRED' ? 'unreachable' : 'unknown',
    code === undefined || /^0+$/.test(code) ? state : `${state}:${code}`,
  )

const stateOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? STATE_NAMES[value - 1] : undefined

/** What stands after `key:`, up to the next blank. What follows `text:` is the message's and may say anything. */
function fieldOf(text: string, key: string): string | undefined {
  const fields = text.split(/\btext:/i, 1)[0] ?? ''
  return new RegExp(`(?:^|\\s)${key}:(\\S+)`, 'i').exec(fields)?.[1]
}

function receiptText({ short_message, message_payload }: Pdu): string {
  const short =
    typeof short_message === 'object' && short_message !== null && 'message' in short_message
      ? short_message.message
      : short_message
  return readable(short) ?? readable(message_payload) ?? ''
}

function readable(value: unknown): string | undefined {
  const text = Buffer.isBuffer(value) ? smpp.encodings.ASCII.decode(value) : value
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** A field of the protocol without the zero that should end it; undefined when nothing is left that can name a message. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? (value.split('\0', 1)[0] ?? '').trim() : ''
  return text !== '' && messageIdField.safeParse(text).success ? text : undefined
}

/**
 * An id of the SMSC as we keep it. Where receipts print another base than answers do, both are brought to that of the answers,
 * without zeros in front and in small letters.
 */
export function messageIdOf(value: unknown, ids: Ids): string | undefined {
  const text = textOf(value)
  if (text === undefined || ids === 'same') return text
  return (ids === 'decimal' ? inBase(text, 16, 16) : inBase(text, 10, 10)) ?? text
}

function idInText(value: string | undefined, ids: Ids): string | undefined {
  const text = textOf(value)
  if (text === undefined || ids === 'same') return text
  return (ids === 'decimal' ? inBase(text, 10, 16) : inBase(text, 16, 10)) ?? text
}

type Base = 10 | 16
function inBase(text: string, from: Base, to: Base): string | undefined {
  const digits = from === 16 ? /^[0-9a-f]{1,64}$/i : /^\d{1,64}$/
  return digits.test(text) ? BigInt(from === 16 ? `0x${text}` : text).toString(to) : undefined
}
