import * as z from 'zod'
import type { Delivery, DeliveryStatus } from '../../../domain/send.ts'
import { sendError } from '../../../domain/send-error.ts'
import type { ReceiptReading, ReceiptRequest } from '../../provider.ts'
import {
  jsonBodyOf,
  MALFORMED,
  messageIdField,
  referenceOf,
  UNAUTHENTIC,
} from '../../receipt-request.ts'
import { sameText } from '../../signing.ts'
import { errorSchema, kindOfCode, wordsOf } from './answers.ts'
import type { MetaSettings } from './settings.ts'
import { hubSignature } from './signature.ts'

const LIST_MAX = 1000

/** `delivered` is left out where the message was read at once. Others, such as `played`, are about no code. */
const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'undelivered',
}

const statusSchema = z.object({
  id: messageIdField,
  status: z.string(),
  biz_opaque_callback_data: z.string().optional().catch(undefined),
  errors: z.array(errorSchema).max(LIST_MAX).optional().catch(undefined),
})
type MetaStatus = z.infer<typeof statusSchema>

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(LIST_MAX)
/** One webhook brings everything about the business account: its other numbers, incoming messages, templates. */
const webhookSchema = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: listOf(
    z.object({
      changes: listOf(
        z.object({
          value: z.object({
            metadata: z.object({ phone_number_id: z.string() }).optional(),
            statuses: listOf(statusSchema).optional(),
          }),
        }),
      ),
    }),
  ),
})

/** A GET sets the webhook up, a POST brings statuses. */
export function readMetaReceipts(request: ReceiptRequest, settings: MetaSettings): ReceiptReading {
  if (request.method === 'GET') return readHandshake(request, settings)
  const signature = request.headers.get('x-hub-signature-256')
  if (!sameText(signature, hubSignature(settings.app_secret, request.body))) return UNAUTHENTIC
  const parsed = webhookSchema.safeParse(jsonBodyOf(request))
  if (!parsed.success) return MALFORMED
  const ours = parsed.data.entry
    .flatMap(({ changes }) => changes.map(({ value }) => value))
    .filter(({ metadata }) => isOurs(metadata?.phone_number_id, settings))
  return {
    kind: 'read',
    deliveries: ours.flatMap(({ statuses = [] }) => statuses.flatMap(toDelivery)),
  }
}

/** A status of which it is not said whose it is finds its send by its id or not at all. */
const isOurs = (numberId: string | undefined, { phone_number_id }: MetaSettings): boolean =>
  numberId === undefined || numberId === phone_number_id

function readHandshake({ query }: ReceiptRequest, { verify_token }: MetaSettings): ReceiptReading {
  if (!sameText(query.get('hub.verify_token'), verify_token)) return UNAUTHENTIC
  const challenge = query.get('hub.challenge') ?? ''
  const isAsked = query.get('hub.mode') === 'subscribe' && /^[\w.-]{1,200}$/.test(challenge)
  if (!isAsked) return MALFORMED
  return { kind: 'read', deliveries: [], answer: { contentType: 'text/plain', body: challenge } }
}

function toDelivery(told: MetaStatus): readonly Delivery[] {
  const status = STATUS[told.status]
  if (status === undefined) return []
  const [error] = told.errors ?? []
  return [
    {
      providerMessageId: told.id,
      reference: referenceOf(told.biz_opaque_callback_data),
      status,
      error: status === 'undelivered' ? errorOf(error) : undefined,
      segments: undefined,
      cost: undefined,
    },
  ]
}

const errorOf = (error: z.infer<typeof errorSchema> | undefined) =>
  error === undefined
    ? sendError('unknown', 'failed')
    : sendError(kindOfCode(error.code), String(error.code), wordsOf(error))
