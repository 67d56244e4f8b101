import * as z from 'zod'
import { parseId, type SendId } from '../domain/ids.ts'
import { currency, micros } from '../domain/money.ts'
import type { Cost, Delivery } from '../domain/send.ts'
import { jsonOf } from './bounded-body.ts'
import type { ReceiptAnswer, ReceiptReading, ReceiptRequest } from './provider.ts'
import { sameText } from './signing.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The body as text; undefined when it is not UTF-8. */
export function textOf(request: Pick<ReceiptRequest, 'body'>): string | undefined {
  try {
    return decoder.decode(request.body)
  } catch {
    return undefined
  }
}

/** The body as JSON; undefined when it is none. */
export const jsonBodyOf = (request: Pick<ReceiptRequest, 'body'>): unknown =>
  jsonOf(textOf(request))

/** The body's fields, `application/x-www-form-urlencoded`; undefined when it is not UTF-8. */
export function formOf(request: Pick<ReceiptRequest, 'body'>): URLSearchParams | undefined {
  const text = textOf(request)
  return text === undefined ? undefined : new URLSearchParams(text)
}

/**
 * For vendors that sign nothing: whether the callback came under the secret word at the end of the configured path. Without a
 * configured word no callback is believed.
 */
export const hasToken = (
  request: Pick<ReceiptRequest, 'token'>,
  expected: string | undefined,
): boolean => expected !== undefined && sameText(request.token, expected)

export const MALFORMED: ReceiptReading = { kind: 'malformed' }
export const UNAUTHENTIC: ReceiptReading = { kind: 'unauthentic' }

const LIST_MAX = 1000

type TokenList<T> = {
  readonly token: string | undefined
  readonly receipt: z.ZodType<T>
  readonly toDelivery: (receipt: T) => Delivery
  /** What the vendor wants to hear. */
  readonly answer: ReceiptAnswer
}

/** An array that is signed by nothing, so it must come under the secret word. One receipt that cannot be read makes all of it malformed. */
export function readTokenList<T>(request: ReceiptRequest, list: TokenList<T>): ReceiptReading {
  if (!hasToken(request, list.token)) return UNAUTHENTIC
  const parsed = z.array(list.receipt).max(LIST_MAX).safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  return { kind: 'read', deliveries: parsed.data.map(list.toDelivery), answer: list.answer }
}

export const jsonAnswer = (value: unknown): ReceiptAnswer => ({
  contentType: 'application/json',
  body: JSON.stringify(value),
})

/** The provider's name for a message: printable ASCII, since it goes into rows, log lines and answers. Takes whole numbers. */
export const messageIdField = z.union([
  z.string().regex(/^[\x20-\x7e]{1,200}$/),
  z.int().transform(String),
])

/** What a vendor gave back as our reference; undefined when it is not an id of a send. */
export const referenceOf = (text: string | null | undefined): SendId | undefined =>
  typeof text === 'string' ? parseId('VL', text) : undefined

/** A count of segments, as a number or its digits; undefined when it makes no sense. */
export function segmentsIn(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(count) && (count as number) >= 1 && (count as number) <= 255
    ? (count as number)
    : undefined
}

/**
 * A price such as `0.0333` or `"-0.00750"` (some count what they take as negative) with its currency, in whole micros, half
 * away from zero; undefined when there is none or it makes no sense.
 */
export function costOf(amount: unknown, code: unknown): Cost | undefined {
  const text = String(amount).replace(/^-/, '')
  if (typeof code !== 'string' || !/^[A-Za-z]{3}$/.test(code)) return undefined
  if (!/^\d{1,6}(\.\d{1,12})?$/.test(text)) return undefined
  const amountMicros = micros(Math.round(Number(text) * 1_000_000))
  return { micros: amountMicros, currency: currency(code.toUpperCase()) }
}
