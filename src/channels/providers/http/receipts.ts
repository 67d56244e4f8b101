import * as z from 'zod'
import type { Delivery } from '../../../domain/send.ts'
import { sameBytes } from '../../../platform/same-bytes.ts'
import { jsonOf, readText } from '../../bounded-body.ts'
import { PROVIDER_MESSAGE_ID } from './message-id.ts'

const RECEIPTS_BYTES_MAX = 1_048_576
const RECEIPTS_MAX = 1000
const ERROR_LENGTH_MAX = 200
const TOKEN_HEADER = 'x-receipt-token'

const encoder = new TextEncoder()

/** More members are let through unread: what an upstream adds to its receipts is its own affair. */
const receiptSchema = z.object({
  id: z.union([PROVIDER_MESSAGE_ID, z.int().transform(String)]),
  status: z.enum(['delivered', 'undelivered', 'failed']),
  error: z.string().nullish(),
})
const receiptsSchema = z.union([receiptSchema, z.array(receiptSchema).max(RECEIPTS_MAX)])

/** Reads one receipt or a list of them; undefined when `x-receipt-token` is missing, wrong, or none is configured. */
export async function readHttpReceipts(
  request: Request,
  provider: { readonly id: string; readonly receiptToken: string | undefined },
): Promise<readonly Delivery[] | 'malformed' | undefined> {
  const given = request.headers.get(TOKEN_HEADER)
  if (given === null || provider.receiptToken === undefined) return undefined
  if (!sameToken(given, provider.receiptToken)) return undefined
  const text = await readText(request.body, RECEIPTS_BYTES_MAX).catch(() => undefined)
  const parsed = receiptsSchema.safeParse(jsonOf(text))
  if (!parsed.success) return 'malformed'
  return [parsed.data].flat().map((receipt) => ({
    providerId: provider.id,
    providerMessageId: receipt.id,
    status: receipt.status,
    error: receipt.error == null ? undefined : plainLine(receipt.error),
  }))
}

const sameToken = (given: string, expected: string): boolean =>
  sameBytes(encoder.encode(given), encoder.encode(expected))

/** One printable line: the words come from outside and end up in answers, the console and logs. */
const plainLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, ERROR_LENGTH_MAX)
